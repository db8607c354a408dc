//! Errors: of a pair (CMATCH-8050), and of rules and tables.

use crate::handle::{call, copy, Answer, Freed, Handle};
use cmatch_sys as sys;
use std::fmt;

/// Why a model does not fit a worker, or cannot be judged (CMATCH-8050).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CapabilityError {
    /// The worker does not support the model's position encoding.
    IncompatiblePositional {
        /// The model's kind.
        required: String,
        /// The worker's kinds, in its order.
        supported: Vec<String>,
    },
    /// The worker does not support the model's attention.
    IncompatibleAttention {
        /// The model's kind.
        required: String,
        /// The worker's kinds, in its order.
        supported: Vec<String>,
    },
    /// The worker supports none of the formats the model can be had in.
    IncompatibleQuant {
        /// The model's formats.
        required: Vec<String>,
        /// The worker's formats, in its order.
        supported: Vec<String>,
    },
    /// The model's context does not fit.
    ContextTooLarge {
        /// Tokens the model needs.
        required: usize,
        /// Tokens the worker can hold.
        max: usize,
    },
    /// The descriptor cannot be judged; one for each thing that is wrong.
    InvalidMcd(String),
    /// The profile cannot be judged; one for each thing that is wrong.
    InvalidEcp(String),
    /// A rule beyond those four failed.
    RuleFailed {
        /// `"CMATCH-8131"`.
        rule_id: String,
        /// What failed, and what would mend it where that is known.
        message: String,
    },
    /// The check was not made: out of memory, or a fault of the library. Says nothing about model
    /// and worker.
    Internal(String),
}

impl CapabilityError {
    /// A stable code for an answer to a client: `"MODEL_INCOMPATIBLE"` (409),
    /// `"MODEL_DESCRIPTOR_INVALID"` (422), `"ENGINE_PROFILE_INVALID"` (500: not the client's
    /// fault) or `"INTERNAL"` (500).
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidMcd(_) => "MODEL_DESCRIPTOR_INVALID",
            Self::InvalidEcp(_) => "ENGINE_PROFILE_INVALID",
            Self::Internal(_) => "INTERNAL",
            _ => "MODEL_INCOMPATIBLE",
        }
    }
}

impl fmt::Display for CapabilityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IncompatiblePositional { required, supported } => write!(
                f,
                "incompatible positional encoding: the model needs {required}, the worker \
                 supports {supported:?}"
            ),
            Self::IncompatibleAttention { required, supported } => write!(
                f,
                "incompatible attention: the model needs {required}, the worker supports \
                 {supported:?}"
            ),
            Self::IncompatibleQuant { required, supported } => write!(
                f,
                "incompatible quantization: the model needs one of {required:?}, the worker \
                 supports {supported:?}"
            ),
            Self::ContextTooLarge { required, max } => {
                write!(f, "context too large: the model needs {required}, the worker has {max}")
            }
            Self::InvalidMcd(message) => write!(f, "invalid MCD: {message}"),
            Self::InvalidEcp(message) => write!(f, "invalid ECP: {message}"),
            Self::RuleFailed { rule_id, message } => write!(f, "{rule_id}: {message}"),
            Self::Internal(message) => write!(f, "the check was not made: {message}"),
        }
    }
}

impl std::error::Error for CapabilityError {}

/// One thing that is wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// Stable: `"yaml-duplicate-key"`; docs/errors.md has a heading for each.
    pub code: String,
    /// JSON pointer into the document, `"/quant/1"`; may be empty.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What would mend it; may be empty.
    pub help: String,
    /// May be empty.
    pub file: String,
    /// 1-based; 0: none.
    pub line: u32,
    /// 1-based, in bytes; 0: none.
    pub column: u32,
    /// Reported, but not why the call failed.
    pub is_warning: bool,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            write!(f, "{}:", self.file)?;
            if self.line > 0 {
                write!(f, "{}:", self.line)?;
            }
            if self.column > 0 {
                write!(f, "{}:", self.column)?;
            }
            f.write_str(" ")?;
        }
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)?;
        if !self.help.is_empty() {
            write!(f, " ({})", self.help)?;
        }
        Ok(())
    }
}

/// Rules and tables that cannot be used, with every problem of all their files.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RulesError {
    /// One sentence.
    pub message: String,
    /// May be empty: out of memory, or a misuse.
    pub problems: Vec<Problem>,
}

impl RulesError {
    /// `"RULES_UNAVAILABLE"`, which answers 503.
    pub fn code(&self) -> &'static str {
        "RULES_UNAVAILABLE"
    }

    pub(crate) fn of(message: impl Into<String>) -> Self {
        Self { message: message.into(), problems: Vec::new() }
    }
}

impl fmt::Display for RulesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n{problem}"))
    }
}

impl std::error::Error for RulesError {}

/// The status and the error object of a call that failed.
pub(crate) struct Failure {
    status: sys::cmatch_status,
    message: String,
    problems: Vec<Problem>,
}

impl Failure {
    pub(crate) fn new(
        status: sys::cmatch_status,
        error: Option<Handle<sys::cmatch_error>>,
    ) -> Self {
        let error = match error {
            Some(error) => error,
            None => {
                // SAFETY: a static text for any status.
                let name = unsafe { crate::handle::static_text(sys::cmatch_status_name(status)) };
                return Self { status, message: name.to_string(), problems: Vec::new() };
            }
        };
        // SAFETY: `error` lives to the end of this function.
        unsafe {
            let message = copy(sys::cmatch_error_message(error.get()));
            let count = sys::cmatch_error_count(error.get());
            let problems = (0..count).filter_map(|i| problem_at(&error, i)).collect();
            Self { status, message, problems }
        }
    }

    /// One error for each problem; never empty.
    pub(crate) fn into_capability_errors(self) -> Vec<CapabilityError> {
        let kind: fn(String) -> CapabilityError = match self.status {
            sys::CMATCH_INVALID_MCD => CapabilityError::InvalidMcd,
            sys::CMATCH_INVALID_ECP => CapabilityError::InvalidEcp,
            _ => CapabilityError::Internal,
        };
        let errors = self.problems.iter().filter(|problem| !problem.is_warning);
        let mut result: Vec<_> = errors.map(|problem| kind(problem.to_string())).collect();
        if result.is_empty() {
            result.push(kind(self.message));
        }
        result
    }

    pub(crate) fn into_rules_error(self) -> RulesError {
        RulesError { message: self.message, problems: self.problems }
    }
}

fn problem_at(error: &Handle<sys::cmatch_error>, i: usize) -> Option<Problem> {
    let empty = crate::handle::EMPTY;
    let mut c = sys::cmatch_problem {
        struct_size: std::mem::size_of::<sys::cmatch_problem>(),
        code: empty,
        path: empty,
        message: empty,
        help: empty,
        file: empty,
        line: 0,
        column: 0,
        is_warning: 0,
        reserved: 0,
    };
    // SAFETY: `c` is a whole struct with its size (5), and its texts live as long as `error` (4).
    unsafe {
        if sys::cmatch_error_at(error.get(), i, &mut c) != sys::CMATCH_OK {
            return None;
        }
        Some(Problem {
            code: copy(c.code),
            path: copy(c.path),
            message: copy(c.message),
            help: copy(c.help),
            file: copy(c.file),
            line: c.line,
            column: c.column,
            is_warning: c.is_warning != 0,
        })
    }
}

/// As [`call`], for functions of which only an object is a success.
///
/// # Safety
/// That of [`call`].
pub(crate) unsafe fn make<T: Freed>(
    make: impl FnOnce(*mut *mut T, *mut *mut sys::cmatch_error) -> sys::cmatch_status,
) -> Result<Handle<T>, Failure> {
    // SAFETY: that of this function.
    let Answer { status, object, error } = unsafe { call(make) };
    match object {
        Some(object) if status == sys::CMATCH_OK => Ok(object),
        _ => Err(Failure::new(status, error)),
    }
}
