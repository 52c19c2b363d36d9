//! A token in a file, which whoever mounts it renews: read again after some seconds, as Kubernetes' own clients do.
//!
//! kube would do it too, but takes a newline at the end of the file for a part of the token.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::HeaderValue;
use tokio::time::Instant;

/// How long what was read counts.
const FRESH: Duration = Duration::from_secs(10);

/// A file with a token.
pub(super) struct TokenFile {
    path: PathBuf,
    last: Mutex<Option<(HeaderValue, Instant)>>,
}

impl TokenFile {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, last: Mutex::new(None) }
    }

    /// The header `Authorization`. When the file cannot be read any more, that of the last time.
    pub(super) fn header(&self) -> Result<HeaderValue, String> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((header, read)) = &*last
            && read.elapsed() < FRESH
        {
            return Ok(header.clone());
        }
        match (self.read(), &*last) {
            (Ok(header), _) => {
                *last = Some((header.clone(), Instant::now()));
                Ok(header)
            }
            (Err(_), Some((header, _))) => Ok(header.clone()),
            (Err(problem), None) => Err(problem),
        }
    }

    fn read(&self) -> Result<HeaderValue, String> {
        let path = self.path.display();
        #[expect(clippy::disallowed_methods, reason = "credentials are the matter of this layer")]
        let text = std::fs::read_to_string(&self.path)
            .map_err(|error| format!("the token file {path} cannot be read: {}", super::connection::plain(&error)))?;
        let token = text.trim();
        if token.is_empty() {
            return Err(format!("the token file {path} is empty"));
        }
        header(token).ok_or_else(|| format!("the token file {path} holds no token"))
    }
}

/// The header `Authorization` for a token.
pub(super) fn header(token: &str) -> Option<HeaderValue> {
    let mut header = HeaderValue::try_from(format!("Bearer {token}")).ok()?;
    header.set_sensitive(true);
    Some(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn is_read_again_after_some_seconds_and_kept_when_it_goes() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("token");
        let token = TokenFile::new(path.clone());
        assert!(token.header().unwrap_err().contains("cannot be read"));
        std::fs::write(&path, "one\n").unwrap();
        assert_eq!(token.header().unwrap(), "Bearer one");
        std::fs::write(&path, "two\n").unwrap();
        assert_eq!(token.header().unwrap(), "Bearer one");
        tokio::time::advance(FRESH).await;
        assert_eq!(token.header().unwrap(), "Bearer two");
        std::fs::remove_file(&path).unwrap();
        tokio::time::advance(FRESH).await;
        assert_eq!(token.header().unwrap(), "Bearer two");
    }

    #[test]
    fn what_is_no_token_is_not_shown() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("token");
        for text in ["  \n", "sec\u{1}ret"] {
            std::fs::write(&path, text).unwrap();
            let problem = TokenFile::new(path.clone()).header().unwrap_err();
            assert!(!problem.contains("sec"), "{problem}");
        }
    }
}
