//! The messages between page and worker: one request and one response type, each with an id so that a stale answer is told apart.
//! They travel as JSON text; a `File` travels beside [`Request::Open`].

use serde::{Deserialize, Serialize};

use crate::data::block::Sample;
use crate::data::{ReadOptions, Roles};
use crate::engine::{Forecast, Inspection, Progress};
use crate::report::csv::Sheet;
use crate::report::explore::{Ask, Exploration, Explored};
use crate::run::Settings;

/// What the page asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Request {
    /// Read the file beside this message.
    Open {
        /// Its base name.
        name: String,
        /// How it is to be read, as far as that was said.
        options: ReadOptions,
    },
    /// Read a file on that waits, since its columns may need more memory than there is.
    Begin {
        /// The columns that are read, when not all are.
        columns: Option<Vec<String>>,
        /// The rows that are kept, when not all are.
        sample: Option<Sample>,
    },
    /// Say what an audit would answer.
    Foresee {
        /// Which column plays which part.
        roles: Roles,
        /// What is set.
        settings: Settings,
    },
    /// Audit the table that was read.
    Audit {
        /// Which column plays which part.
        roles: Roles,
        /// What is set.
        settings: Settings,
    },
    /// Say what another decision threshold would give, after a report.
    Explore(Ask),
    /// Stop what is running; the table that was read stays.
    Cancel,
}

/// What the worker answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// The worker can be asked.
    Ready,
    /// How far it is.
    Progress(Progress),
    /// What the first bytes of a larger file tell; it is being read, or waits.
    Previewed(Box<Preview>),
    /// The file is read.
    Opened(Box<Inspection>),
    /// The answer to [`Request::Foresee`].
    Foreseen(Forecast),
    /// The report.
    Reported(Box<Rendering>),
    /// Some time after the report, where a decision threshold means something: it can be explored.
    Explorable(Box<Exploration>),
    /// The answer to [`Request::Explore`].
    Explored(Box<Explored>),
    /// What was running was stopped.
    Cancelled,
    /// It did not work: what, where, what to do.
    Failed {
        /// The sentence.
        message: String,
    },
}

/// The first bytes of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// Its columns, as the first rows show them. The bytes are those of the whole file.
    pub inspection: Inspection,
    /// About how many bytes of memory its columns will take.
    pub memory: Option<u64>,
    /// Whether that may be too much: then the file is read at [`Request::Begin`].
    pub waits: bool,
}

/// A report as the page needs it: drawn by the worker, so that the page neither reads the report back nor waits for it to be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendering {
    /// The canonical JSON, byte for byte what the command writes.
    pub json: String,
    /// What was audited, in one line.
    pub about: String,
    /// The report as a fragment of the page.
    pub body: String,
    /// The report as one HTML file, byte for byte what the command writes.
    pub document: String,
    /// The single sensitive features with the groups that others can be compared with.
    pub features: Vec<(String, Vec<String>)>,
    /// The two classes; empty where there are not two.
    pub classes: Vec<String>,
    /// The tables of rules of law.
    pub sheets: Vec<Sheet>,
}

/// A request or response with the id of the request it belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Envelope<T> {
    /// The request's id; 0 for [`Response::Ready`].
    pub id: u32,
    /// The message.
    pub message: T,
}
