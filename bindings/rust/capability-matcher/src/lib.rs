//! Can this model run on that engine, on that GPU? Asked before a worker is spawned.
//!
//! ```
//! use capability_matcher::{
//!     CapabilityMatcher, EngineCapabilityProfile, ModelCapabilityDescriptor,
//! };
//!
//! let mcd = ModelCapabilityDescriptor {
//!     model_id: "org/model".into(),
//!     positional: "rope_llama".into(),
//!     attention: "gqa".into(),
//!     quant: vec!["q4_0".into()],
//!     context_max: 8192,
//!     vocab_size: 128_256,
//!     ..Default::default()
//! };
//! let ecp = EngineCapabilityProfile {
//!     worker_id: "gpu-0-worker".into(),
//!     supports_positional: vec!["rope_llama".into(), "rope_neox".into()],
//!     supports_attention: vec!["mha".into(), "gqa".into()],
//!     supports_quant: vec!["q4_0".into(), "q8_0".into()],
//!     max_context: 16_384,
//!     vram_bytes: 24_000_000_000,
//!     ..Default::default()
//! };
//! assert_eq!(CapabilityMatcher::check_compatibility(&mcd, &ecp), Ok(()));
//! ```
//!
//! [`CapabilityMatcher::check_compatibility`] uses the tables compiled into the library,
//! [`CapabilityMatcher::check`] a set that was loaded, and [`RuleStore`] a set that operators may
//! change while it serves. A check takes microseconds and does no I/O: call it inline in an async
//! handler. What reads a model file blocks: call that on a thread that may.
//!
//! The crate has no dependency but `cmatch-sys`. Nothing here panics, and nothing unwinds across
//! the language border: the library catches its own exceptions, and a panic of a log hook is
//! caught here (which takes `panic = "unwind"`).

#![deny(unsafe_op_in_unsafe_fn, missing_docs)]
#![deny(clippy::undocumented_unsafe_blocks)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod descriptor;
mod error;
mod fleet;
mod handle;
mod matcher;
mod options;
mod report;
mod store;
mod subject;

pub use descriptor::{EngineCapabilityProfile, ModelCapabilityDescriptor};
pub use error::{CapabilityError, Problem, RulesError};
pub use fleet::{Fleet, FleetCounts, RuleCounts};
pub use matcher::CapabilityMatcher;
pub use options::{Level, Options};
pub use store::RuleStore;
pub use subject::{Model, Worker, WorkerChoice};

/// "MAJOR.MINOR.PATCH" of the library that is linked.
pub fn library_version() -> &'static str {
    // SAFETY: the result is static text that ends in NUL (cmatch.h).
    unsafe { handle::static_text(cmatch_sys::cmatch_version()) }
}
