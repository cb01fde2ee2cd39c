//! A real PostgreSQL server for tests, on loopback and in a folder of its own. Where its programs are not
//! installed, the tests that need one say so and are skipped.

use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::e2e::free_port;

pub(crate) const USER: &str = "newsriver";
pub(crate) const PASSWORD: &str = "s3cret-w0rd";
const PATIENCE: Duration = Duration::from_secs(60);

/// A server. It ends with the process that started it, however that ends.
pub(crate) struct Server {
    folder: PathBuf,
    port: u16,
    /// Whoever watches the server; told to end by the end of its standard input.
    watch: Option<Child>,
}

impl Server {
    /// The server that tests share, each with databases of its own; None where PostgreSQL is not installed.
    pub(crate) fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Server>> = OnceLock::new();
        SHARED.get_or_init(Self::start).as_ref()
    }

    /// A server that a test may stop.
    pub(crate) fn start() -> Option<Self> {
        let programs = programs().or_else(|| {
            // Not through the macros, whose words are not shown of a test that passes.
            let words = "\n*** SKIPPED: PostgreSQL is not installed (no initdb in PATH or /usr/lib/postgresql): \
                         nothing is known of the store on PostgreSQL. scripts/test installs it on Debian.\n\n";
            std::io::stderr().write_all(words.as_bytes()).unwrap();
            None
        })?;
        let folder = tempfile::Builder::new().prefix("newsriver-postgres-").tempdir().unwrap().keep();
        let password = folder.join("password");
        std::fs::write(&password, PASSWORD).unwrap();
        give_away(&folder);
        let made = as_user(&programs.join("initdb"))
            .args(["--no-sync", "--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", "--username", USER])
            .arg(format!("--pwfile={}", password.display()))
            .arg("-D")
            .arg(folder.join("data"))
            .current_dir(&folder)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut server = Self { folder, port: free_port(), watch: None };
        server.run();
        Some(server)
    }

    /// Starts it, again.
    pub(crate) fn run(&mut self) {
        // Ends the server as it is told; without a word, when this process ended, and leaves nothing behind.
        let script = "postgres=\"$1\"; shift; \"$postgres\" \"$@\" >> ../log 2>&1 & server=$!; \
                      if read -r how; then kill -s \"$how\" $server; wait $server; \
                      else kill -s QUIT $server; wait $server; rm -rf \"$(dirname \"$PWD\")\"; fi";
        let mut watch = as_user(Path::new("/bin/sh"));
        watch.args(["-c", script, "sh"]).arg(programs().unwrap().join("postgres"));
        watch.arg("-D").arg(self.folder.join("data")).arg("-k").arg(&self.folder);
        for setting in ["fsync=off", "max_connections=200", "listen_addresses=127.0.0.1"] {
            watch.args(["-c", setting]);
        }
        watch.args(["-p", &self.port.to_string()]).current_dir(self.folder.join("data"));
        self.watch = Some(watch.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let start = Instant::now();
        while ask(&self.url("postgres"), "SELECT 1").is_err() {
            let log = || std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            assert!(start.elapsed() < PATIENCE, "PostgreSQL does not start:\n{}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Stops it: `INT` cuts all connections, `QUIT` is a crash.
    pub(crate) fn stop(&mut self, signal: &str) {
        let Some(mut watch) = self.watch.take() else { return };
        let mut order = watch.stdin.take().unwrap();
        writeln!(order, "{signal}").unwrap();
        watch.wait().unwrap();
    }

    /// Lets it speak TLS with a certificate for `localhost`; returns the file of the certificate.
    pub(crate) fn speak_tls(&self) -> PathBuf {
        let certified = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let (certificate, key) = (self.folder.join("data/server.crt"), self.folder.join("data/server.key"));
        std::fs::write(&certificate, certified.cert.pem()).unwrap();
        std::fs::write(&key, certified.signing_key.serialize_pem()).unwrap();
        std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        give_away(&certificate);
        give_away(&key);
        let admin = self.url("postgres");
        ask(&admin, "ALTER SYSTEM SET ssl = on").unwrap();
        ask(&admin, "SELECT pg_reload_conf()").unwrap();
        let start = Instant::now();
        while ask(&admin, "SHOW ssl").unwrap() != ["on"] {
            assert!(start.elapsed() < PATIENCE, "TLS is not spoken");
            std::thread::sleep(Duration::from_millis(20));
        }
        certificate
    }

    /// The address of a database on it.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://{USER}:{PASSWORD}@127.0.0.1:{}/{database}", self.port)
    }

    /// The address of a new, empty database.
    pub(crate) fn database(&self) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("test{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        ask(&self.url("postgres"), &format!("CREATE DATABASE {name} TEMPLATE template0")).unwrap();
        self.url(&name)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop("QUIT");
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Runs a statement; the first column of the answer, in order.
pub(crate) fn ask(url: &str, sql: &str) -> Result<Vec<String>, tokio_postgres::Error> {
    let (url, sql) = (url.to_owned(), sql.to_owned());
    // A thread of its own, since a test may be asynchronous itself.
    let asked = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await?;
            let connection = tokio::spawn(connection);
            let answer = client.simple_query(&sql).await?;
            drop(client);
            connection.await.unwrap()?;
            let row = |message: &tokio_postgres::SimpleQueryMessage| match message {
                tokio_postgres::SimpleQueryMessage::Row(row) => Some(row.get(0).unwrap_or_default().to_owned()),
                _ => None,
            };
            Ok(answer.iter().filter_map(row).collect())
        })
    });
    asked.join().unwrap()
}

/// The folder of PostgreSQL's programs, the newest where there are several.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = debian.map(|entry| entry.path().join("bin")).collect();
    versions.sort_by_key(|path| path.parent().and_then(|path| path.file_name()?.to_str()?.parse::<u32>().ok()));
    folders.extend(versions.into_iter().rev());
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

/// Whom the server runs as where the tests run as root, which it refuses.
fn servant() -> &'static str {
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    if users.lines().any(|line| line.starts_with("postgres:")) { "postgres" } else { "nobody" }
}

fn as_user(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid", servant(), "--clear-groups", "--"]).arg(program);
    command
}

fn give_away(folder: &Path) {
    if is_root() {
        let given = Command::new("chown").arg("-R").arg(servant()).arg(folder).status().unwrap();
        assert!(given.success());
    }
}
