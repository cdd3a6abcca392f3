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
        /// The page's number for it.
        file: u32,
        /// Its base name.
        name: String,
        /// How it is to be read, as far as that was said.
        options: ReadOptions,
        /// What it is read for.
        purpose: Purpose,
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
        /// The file under test.
        current: u32,
        /// All files of which the page knows; others are forgotten.
        files: Vec<u32>,
        /// Which column plays which part.
        roles: Roles,
        /// What is set.
        settings: Settings,
    },
    /// Audit a table that was read.
    Audit {
        /// The file under test.
        current: u32,
        /// The earlier data that it is compared with.
        reference: Option<u32>,
        /// Which column plays which part.
        roles: Roles,
        /// What is set.
        settings: Settings,
    },
    /// Keep what a file holds without its rows.
    Profile {
        /// The file.
        current: u32,
        /// Which column plays which part.
        roles: Roles,
        /// What is set.
        settings: Settings,
    },
    /// Say what another decision threshold would give, after a report.
    Explore(Ask),
    /// Do all of the audit of this id: who helped with it is lost.
    Alone,
    /// Stop what is running; the table that was read stays.
    Cancel,
}

/// What a file is read for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To see its first rows alone.
    Peek,
    /// To be audited, or to be compared with.
    #[default]
    Table,
    /// To give another file its columns.
    Labels {
        /// The column of its ids, where it was said.
        id: Option<String>,
    },
    /// To be audited with the columns of a label file, which was read before.
    Joined {
        /// The number of the label file.
        labels: u32,
        /// The id columns, its own and that of the label file, where they were said.
        by: Option<(String, String)>,
    },
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
    /// The answer to [`Purpose::Peek`]; of JSON Lines, the first rows tell nothing.
    Peeked(Option<Box<Inspection>>),
    /// The file is read, but the label file does not belong to it; [`Response::Opened`] follows, of the file without it.
    Unjoined {
        /// Why, and what to do.
        message: String,
    },
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
    /// The answer to [`Request::Profile`]: the canonical JSON, byte for byte what the command writes.
    Profiled {
        /// It.
        json: String,
    },
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
    /// What the report is called.
    pub name: String,
    /// What was audited, in one line.
    pub about: String,
    /// The report as a fragment of the page.
    pub body: String,
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
