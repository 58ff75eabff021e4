//! The console's own files: one style sheet, one small script, one mark. Nothing is fetched from anywhere else.

use crate::http::assets::Asset;
use crate::http::problem::Problem;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

/// The parts of the style sheet, in the order in which they apply.
const STYLE: &str = concat!(
    include_str!("../../static/css/tokens.css"),
    include_str!("../../static/css/base.css"),
    include_str!("../../static/css/layout.css"),
    include_str!("../../static/css/forms.css"),
    include_str!("../../static/css/lists.css"),
    include_str!("../../static/css/patterns.css"),
    include_str!("../../static/css/print.css"),
);

/// The files of the console, named by their bytes.
#[derive(Clone, Debug)]
pub struct Files {
    style: Asset,
    script: Asset,
    mark: Asset,
}

/// Where a page finds them.
#[derive(Clone, Debug)]
pub struct Links {
    pub style: String,
    pub script: String,
    pub mark: String,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            style: Asset::new(("console", "css"), "text/css; charset=utf-8", STYLE.as_bytes()),
            script: Asset::new(("console", "js"), "text/javascript; charset=utf-8", include_bytes!("../../static/js/console.js")),
            mark: Asset::new(("mark", "svg"), "image/svg+xml", include_bytes!("../../static/mark.svg")),
        }
    }
}

impl Files {
    pub fn links(&self) -> Links {
        let link = |asset: &Asset| format!("/assets/{}", asset.name());
        Links { style: link(&self.style), script: link(&self.script), mark: link(&self.mark) }
    }

    fn named(&self, name: &str) -> Option<&Asset> {
        [&self.style, &self.script, &self.mark].into_iter().find(|asset| asset.name() == name)
    }
}

/// The file of this name; a name of other bytes is not here.
pub async fn show(files: Data<Files>, name: Path<String>) -> Result<HttpResponse, Problem> {
    files.named(&name).map(Asset::response).ok_or_else(Problem::not_found)
}
