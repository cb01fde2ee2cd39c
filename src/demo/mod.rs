//! A small newsroom on loopback: sites of every kind that newsriver reads, with articles and
//! pictures of their own, so that `newsriver demo` shows the whole service without any network.
//!
//! Only `serve` listens for readers; the listeners here are the one exception, for they play the
//! part of other people's sites.

mod article;
mod feeds;
mod pages;
mod papers;
mod picture;
mod server;

use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use papers::PAPERS;

/// Documents of the folder source, by name.
const DOCUMENTS: [(&str, &str); 4] = [
    ("cho-phien-ben-song.html", include_str!("../../examples/newsroom/cho-phien-ben-song.html")),
    ("how-we-print.md", include_str!("../../examples/newsroom/how-we-print.md")),
    ("nhat-ky-mua-nuoc-noi.md", include_str!("../../examples/newsroom/nhat-ky-mua-nuoc-noi.md")),
    ("trong-dua-sap-huu-co.txt", include_str!("../../examples/newsroom/trong-dua-sap-huu-co.txt")),
];

/// One site of the newsroom.
#[derive(Debug, Clone)]
pub struct Site {
    /// Its name.
    pub title: String,
    /// Its address; for the folder, where it is.
    pub url: String,
    /// What is special about it, in words.
    pub what: String,
}

/// The newsroom; its sites run until the token it was started with is cancelled.
#[derive(Debug)]
pub struct Newsroom {
    /// All sites, the folder last.
    pub sites: Vec<Site>,
    documents: PathBuf,
}

impl Newsroom {
    /// Starts all sites on free ports of 127.0.0.1, with articles of the days before `now`, and puts
    /// the documents of the folder source below `folder`.
    pub async fn start(stop: CancellationToken, folder: &Path, now: DateTime<Utc>) -> io::Result<Self> {
        let documents = folder.join("documents");
        tokio::fs::create_dir_all(&documents).await?;
        for (name, text) in DOCUMENTS {
            tokio::fs::write(documents.join(name), text).await?;
        }
        let mut listeners = Vec::new();
        let mut addresses = Vec::new();
        // Sites link to each other, so all addresses come before the first page.
        for paper in &PAPERS {
            let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
            addresses.push((paper.id, format!("http://{}", listener.local_addr()?)));
            listeners.push(listener);
        }
        let mut sites = Vec::new();
        for ((paper, listener), (_, address)) in PAPERS.iter().zip(listeners).zip(&addresses) {
            server::serve(listener, papers::shelf(paper, &addresses, now), stop.clone());
            let url = format!("{address}{}", paper.path);
            sites.push(Site { title: paper.title.to_owned(), url, what: paper.what.to_owned() });
        }
        sites.push(Site {
            title: "Phòng tư liệu".to_owned(),
            url: format!("folder:{}", documents.display()),
            what: "a folder of documents: plain text, Markdown, HTML".to_owned(),
        });
        Ok(Self { sites, documents })
    }

    /// A feeds.toml that reads all sites and publishes three feeds, served at `listen`, kept in `data`.
    pub fn feeds_toml(&self, listen: SocketAddr, data: &Path) -> String {
        let quoted = |text: &str| toml_edit::Value::from(text).to_string().trim().to_owned();
        let mut toml = format!(
            "# Made by `newsriver demo`. Change it while the demo runs: it is read again at once.\n\n\
             [site]\ntitle = \"Newsriver demo\"\nbase_url = \"http://{listen}\"\nlanguage = \"vi\"\ntimezone = \"Asia/Ho_Chi_Minh\"\n\n\
             [server]\nlisten = \"{listen}\"\n\n[hub]\nallow_private = [\"127.0.0.0/8\"]   # so that you can subscribe from this machine\n\n[storage]\nurl = {}\n\n\
             [fetch]\nper_host = 8\nallow_private = [\"127.0.0.0/8\"]   # the newsroom runs on this machine\n\n\
             [defaults]\ninterval = \"1m\"\n",
            quoted(&format!("sqlite:{}", data.join("newsriver.db").display())),
        );
        let ids =
            PAPERS.iter().map(|paper| (paper.id, paper.kind, paper.language)).chain([("tu-lieu", "folder", "vi")]);
        for (site, (id, kind, language)) in self.sites.iter().zip(ids) {
            let url = if kind == "folder" { format!("folder:{}", self.documents.display()) } else { site.url.clone() };
            // Writing to a string cannot fail.
            let _ = write!(
                toml,
                "\n[sources.{id}]   # {}\ntitle = {}\nurl = {}\nkind = {}\nlanguage = {}\ntags = [{}]\n",
                site.what,
                quoted(&site.title),
                quoted(&url),
                quoted(kind),
                quoted(language),
                quoted(if language == "vi" { "viet" } else { "english" }),
            );
        }
        toml.push_str(
            "\n[feeds.all]\ntitle = \"Everything\"\nsources = [\"*\"]\n\
             \n[feeds.viet]\ntitle = \"Tin miền sông nước\"\nlanguage = \"vi\"\nsources = [\"tag:viet\"]\n\
             \n[feeds.english]\ntitle = \"News in English\"\nlanguage = \"en\"\nsources = [\"tag:english\"]\n",
        );
        toml
    }
}

#[cfg(test)]
mod tests;
