//! Stories with their pictures as they are shown: at the copies that are kept here where their source is
//! mirrored, else at their own addresses, securely where that works.

use std::collections::{HashMap, HashSet};

use url::Url;

use super::Outlets;
use crate::html;
use crate::model::{Enclosure, Images, MediaName, PictureFacts, PictureType, Plainer, SourceId, Story};
use crate::store::{Store, StoreError};

/// Puts the pictures of stories where readers are to get them.
pub(super) async fn place(store: &dyn Store, outlets: &Outlets, stories: &mut [Story]) -> Result<(), StoreError> {
    let is_mirrored =
        |source: &SourceId| outlets.sources.iter().any(|one| one.id == *source && one.images == Images::Mirror);
    let mut wanted = HashSet::new();
    for story in stories.iter() {
        let facts = &story.lead.facts;
        let files = facts.enclosures.iter().filter(|file| file.is_image()).map(|file| file.url.clone());
        let all = files.chain(html::picture_addresses(&facts.content));
        let mirrored = is_mirrored(&facts.source);
        wanted.extend(all.filter(|url| mirrored || url.scheme() == "http"));
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let known = store.pictures(&wanted.into_iter().collect::<Vec<_>>()).await?;
    for story in stories {
        let mirrored = is_mirrored(&story.lead.facts.source);
        let places = Places { known: &known, base: mirrored.then_some(&outlets.site.base_url) };
        let facts = &mut story.lead.facts;
        facts.content = html::with_pictures_at(&facts.content, |url| places.of(url));
        facts.enclosures.iter_mut().filter(|file| file.is_image()).for_each(|file| places.move_file(file));
    }
    Ok(())
}

/// Where pictures are shown.
struct Places<'a> {
    known: &'a HashMap<Url, PictureFacts>,
    /// What the addresses of copies are built on, for a source that is mirrored.
    base: Option<&'a Url>,
}

impl Places<'_> {
    /// Where a picture is shown when that is not its own address.
    fn of(&self, url: &Url) -> Option<Url> {
        let facts = self.known.get(url)?;
        let copy = facts.mirrored().and_then(|mirrored| self.copy(mirrored.name));
        copy.or_else(|| securely(url).filter(|_| facts.is_secure))
    }

    fn copy(&self, name: MediaName) -> Option<Url> {
        self.base?.join(&format!("media/{name}")).ok()
    }

    fn move_file(&self, file: &mut Enclosure) {
        let Some(facts) = self.known.get(&file.url) else { return };
        let copy = facts.mirrored().and_then(|mirrored| Some((mirrored, self.copy(mirrored.name)?)));
        match copy {
            Some((mirrored, url)) => {
                file.length = Some(mirrored.length);
                file.plainer = mirrored.jpeg.and_then(|(name, length)| {
                    let mime_type = PictureType::Jpeg.mime_type().to_owned();
                    Some(Plainer { url: self.copy(name)?, mime_type, length })
                });
                file.url = url;
            }
            None => {
                if let Some(secure) = self.of(&file.url) {
                    file.url = secure;
                }
            }
        }
    }
}

fn securely(url: &Url) -> Option<Url> {
    let mut secure = url.clone();
    secure.set_scheme("https").ok()?;
    Some(secure)
}
