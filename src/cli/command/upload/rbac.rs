//! `cutwater upload rbac`.

use std::collections::BTreeSet;

use clap::Args;

use super::place::{Further, Place};
use super::session::ended;
use crate::cli::{Ended, Error, terminal};
use crate::run::upload::{Against, Status, Survey, UploadOptions};
use crate::upload::rbac::{Account, manifest};

/// Print the rights that an upload needs in a cluster, as Roles and RoleBindings for kubectl
///
/// One Role for each namespace, which names every ConfigMap of config_updater and allows get, patch and create of just these.
/// When config_updater names another ConfigMap, the Roles have to be printed and applied anew.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  cutwater upload rbac --cluster build01 --service-account ci/cutwater-upload | kubectl --context build01 apply -f -")]
pub struct Arguments {
    #[command(flatten)]
    place: Place,
    /// Which cluster
    #[arg(long, value_name = "NAME")]
    cluster: String,
    /// Who gets the rights
    #[arg(long, value_name = "NAMESPACE/NAME")]
    service_account: String,
}

/// Runs `cutwater upload rbac`.
pub fn run(arguments: &Arguments) -> Result<Ended, Error> {
    let malformed = || Error::Usage(format!("--service-account {:?} is not NAMESPACE/NAME", arguments.service_account));
    let account = Account::parse(&arguments.service_account).ok_or_else(malformed)?;
    let further = Further { against: Some(Against::Nothing), allow_empty: true, ..Further::default() };
    // Rights are those that config_updater needs, whatever of the files is there.
    let options = UploadOptions { left_out: Vec::new(), ..arguments.place.options(further)? };
    let survey = Survey::wanted(&options)?;
    if survey.refused == Status::Usage {
        arguments.place.show_findings(&survey)?;
        return Ok(ended(survey.refused));
    }
    let desired = &survey.desired;
    let here: Vec<_> = desired.maps.keys().filter(|id| id.cluster == arguments.cluster).collect();
    if here.is_empty() {
        let clusters: BTreeSet<&str> = desired.maps.keys().map(|id| &*id.cluster).collect();
        let known = clusters.into_iter().collect::<Vec<_>>().join(", ");
        return Err(Error::Usage(format!(
            "config_updater names no ConfigMap in {}; it names {known}",
            arguments.cluster
        )));
    }
    terminal::print(&manifest(here, &account))?;
    Ok(Ended::Clean)
}
