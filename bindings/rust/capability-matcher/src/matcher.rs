//! The matcher: one rule set, and the checks by it.

use crate::descriptor::{EngineCapabilityProfile, ModelCapabilityDescriptor};
use crate::error::{make, CapabilityError, Failure, RulesError};
use crate::fleet::Fleet;
use crate::handle::{borrow, borrow_bytes, call, copy, json, Answer, Handle};
use crate::options::Options;
use crate::report::violations;
use crate::subject::{self, Model, Worker, WorkerChoice};
use cmatch_sys as sys;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicPtr, Ordering};
use std::sync::Arc;

/// A rule set, which never changes. Cheap to clone; any number of threads may use one.
#[derive(Clone)]
pub struct CapabilityMatcher {
    rules: Arc<Handle<sys::cmatch_rules>>,
}

impl CapabilityMatcher {
    /// Whether `mcd` fits `ecp` by the tables compiled into the library (CMATCH-8040 step 4).
    /// `Err`: every reason, in the order of the rules; never empty.
    pub fn check_compatibility(
        mcd: &ModelCapabilityDescriptor,
        ecp: &EngineCapabilityProfile,
    ) -> Result<(), Vec<CapabilityError>> {
        match builtin_static() {
            Ok(matcher) => matcher.check(mcd, ecp),
            Err(error) => Err(vec![CapabilityError::Internal(error.to_string())]),
        }
    }

    /// The tables compiled into the library.
    pub fn builtin() -> Result<Self, RulesError> {
        Self::builtin_with(&Options::new())
    }

    /// As [`Self::builtin`].
    pub fn builtin_with(options: &Options) -> Result<Self, RulesError> {
        Self::new(options, |c, out, error| {
            // SAFETY: `c` outlives the call; `out` and `error` are those of `make`.
            unsafe { sys::cmatch_rules_builtin(c, out, error) }
        })
    }

    /// Reads directories as `cmatch --rules DIR` does: the base is the built-in set, or the first
    /// that holds a `validation.yaml`; each further one adds to it. Blocks.
    pub fn from_dirs<P: AsRef<Path>>(directories: &[P]) -> Result<Self, RulesError> {
        Self::from_dirs_with(directories, &Options::new())
    }

    /// As [`Self::from_dirs`].
    pub fn from_dirs_with<P: AsRef<Path>>(
        directories: &[P],
        options: &Options,
    ) -> Result<Self, RulesError> {
        let paths = borrow_paths(directories);
        Self::new(options, |c, out, error| {
            // SAFETY: `paths`, the paths they borrow and `c` outlive the call.
            unsafe { sys::cmatch_rules_load(paths.as_ptr(), paths.len(), c, out, error) }
        })
    }

    /// The same rules with other options (another day); models and workers of one fit the other.
    pub fn with_options(&self, options: &Options) -> Result<Self, RulesError> {
        Self::new(options, |c, out, error| {
            // SAFETY: the rules live as long as `self`, and `c` outlives the call.
            unsafe { sys::cmatch_rules_with(self.rules.get(), c, out, error) }
        })
    }

    fn new(
        options: &Options,
        load: impl FnOnce(
            *const sys::cmatch_options,
            *mut *mut sys::cmatch_rules,
            *mut *mut sys::cmatch_error,
        ) -> sys::cmatch_status,
    ) -> Result<Self, RulesError> {
        check_abi()?;
        // SAFETY: the callers hand both arguments to one function that makes rules.
        let made = options
            .with_c(|c| unsafe { make(|out, error| load(c, out, error)) }, |made| made.is_ok());
        made.map(Self::of).map_err(Failure::into_rules_error)
    }

    pub(crate) fn of(rules: Handle<sys::cmatch_rules>) -> Self {
        Self { rules: Arc::new(rules) }
    }

    /// As [`Self::check_compatibility`], by this rule set. `InvalidMcd` and `InvalidEcp` of both
    /// documents are reported together.
    pub fn check(
        &self,
        mcd: &ModelCapabilityDescriptor,
        ecp: &EngineCapabilityProfile,
    ) -> Result<(), Vec<CapabilityError>> {
        let (model, worker) = both(self.model(mcd), self.worker(ecp))?;
        self.check_pair(&model, &worker)
    }

    /// As [`Self::check`], from JSON documents (CMATCH-8010, CMATCH-8020).
    pub fn check_json(&self, mcd: &str, ecp: &str) -> Result<(), Vec<CapabilityError>> {
        let (model, worker) = both(self.model_from_json(mcd), self.worker_from_json(ecp))?;
        self.check_pair(&model, &worker)
    }

    /// As [`Self::check`], of a pair that this rule set has looked up.
    pub fn check_pair(&self, model: &Model, worker: &Worker) -> Result<(), Vec<CapabilityError>> {
        let report = self.report(model, worker, sys::CMATCH_FLAG_IF_INCOMPATIBLE);
        match report.map_err(Failure::into_capability_errors)? {
            Some(report) => Err(violations(&report)),
            None => Ok(()),
        }
    }

    /// The verdict alone, which allocates nothing where there is no log.
    pub fn fits(&self, model: &Model, worker: &Worker) -> Result<bool, CapabilityError> {
        // SAFETY: the three objects outlive the call; `out` may be NULL.
        let status = unsafe {
            sys::cmatch_check(self.rules.get(), model.0.get(), worker.0.get(), null_mut())
        };
        match status {
            sys::CMATCH_OK => Ok(true),
            sys::CMATCH_INCOMPATIBLE => Ok(false),
            _ => Err(subject::internal(status)),
        }
    }

    /// The whole report as JSON (`cmatch.report/1`): violations, warnings, what a waiver let pass,
    /// and the checks that could not be made.
    pub fn report_json(
        &self,
        model: &Model,
        worker: &Worker,
    ) -> Result<String, Vec<CapabilityError>> {
        let report = self.report(model, worker, 0).map_err(Failure::into_capability_errors)?;
        // SAFETY: the report lives; `out` goes to a `_json` function.
        let text = report
            .and_then(|report| unsafe { json(|out| sys::cmatch_report_json(report.get(), out)) });
        text.ok_or_else(|| vec![subject::no_memory()])
    }

    /// None: compatible, and `flags` ask for no report of that.
    fn report(
        &self,
        model: &Model,
        worker: &Worker,
        flags: u32,
    ) -> Result<Option<Handle<sys::cmatch_report>>, Failure> {
        let (rules, model, worker) = (self.rules.get(), model.0.get(), worker.0.get());
        // SAFETY: the three objects outlive the call.
        let Answer { status, object, error } = unsafe {
            call(|out, error| sys::cmatch_report_new(rules, model, worker, flags, out, error))
        };
        match status {
            sys::CMATCH_OK => Ok(object),
            sys::CMATCH_INCOMPATIBLE if object.is_some() => Ok(object),
            _ => Err(Failure::new(status, error)),
        }
    }

    /// Every one of `models` on every one of `workers`, all looked up in this rule set: for
    /// questions about many at once. With `models_for_worker`, [`Fleet::models_for`] is as quick
    /// as [`Fleet::workers_for`], which costs about as much memory and time again.
    pub fn fleet(
        &self,
        models: &[Model],
        workers: &[Worker],
        models_for_worker: bool,
    ) -> Result<Fleet, Vec<CapabilityError>> {
        Fleet::new(&self.rules, models, workers, models_for_worker)
    }

    /// Looks a descriptor up in this rule set.
    pub fn model(&self, mcd: &ModelCapabilityDescriptor) -> Result<Model, Vec<CapabilityError>> {
        subject::bind_model(&self.rules, mcd)
    }

    /// Looks a profile up in this rule set.
    pub fn worker(&self, ecp: &EngineCapabilityProfile) -> Result<Worker, Vec<CapabilityError>> {
        subject::bind_worker(&self.rules, ecp)
    }

    /// The worker that an engine on a GPU would be, from the tables (CMATCH-8021). What they do not
    /// cover is `InvalidEcp`, never a guess.
    pub fn worker_from_tables(
        &self,
        choice: &WorkerChoice,
    ) -> Result<Worker, Vec<CapabilityError>> {
        subject::choose_worker(&self.rules, choice)
    }

    /// A GGUF file (its header only), a `*.mcd.json`, or a Hugging Face directory (CMATCH-8011),
    /// with the sidecar beside it. Blocks.
    pub fn model_from_path(&self, path: impl AsRef<Path>) -> Result<Model, Vec<CapabilityError>> {
        let path = borrow_path(path.as_ref());
        // SAFETY: the rules and `path` outlive the call; options may be NULL.
        subject::model(unsafe {
            make(|out, error| {
                sys::cmatch_model_from_path(self.rules.get(), path, null_mut(), out, error)
            })
        })
    }

    /// Entry `id` of the catalog file at `catalog`, and the model file it leads to. Blocks.
    pub fn model_from_catalog(
        &self,
        catalog: impl AsRef<Path>,
        id: &str,
    ) -> Result<Model, Vec<CapabilityError>> {
        let (path, id) = (borrow_path(catalog.as_ref()), borrow(id));
        // SAFETY: the rules, `path` and `id` outlive the call; options may be NULL.
        subject::model(unsafe {
            make(|out, error| {
                sys::cmatch_model_from_catalog(self.rules.get(), path, id, null_mut(), out, error)
            })
        })
    }

    /// A descriptor as JSON (CMATCH-8010).
    pub fn model_from_json(&self, mcd: &str) -> Result<Model, Vec<CapabilityError>> {
        // SAFETY: the rules and `mcd` outlive the call; options may be NULL.
        subject::model(unsafe {
            make(|out, error| {
                sys::cmatch_model_from_json(self.rules.get(), borrow(mcd), null_mut(), out, error)
            })
        })
    }

    /// A profile as JSON (CMATCH-8020).
    pub fn worker_from_json(&self, ecp: &str) -> Result<Worker, Vec<CapabilityError>> {
        // SAFETY: the rules and `ecp` outlive the call.
        subject::worker(unsafe {
            make(|out, error| {
                sys::cmatch_worker_from_json(self.rules.get(), borrow(ecp), out, error)
            })
        })
    }

    /// [`Self::model_from_path`] as a descriptor. What the reader warns of is in
    /// [`Self::report_json`] of the model only.
    pub fn mcd_from_gguf(
        &self,
        path: impl AsRef<Path>,
    ) -> Result<ModelCapabilityDescriptor, Vec<CapabilityError>> {
        self.model_from_path(path)?.descriptor().map_err(|error| vec![error])
    }

    /// The same model for this rule set, after a reload; reads no file again.
    pub fn rebind_model(&self, model: &Model) -> Result<Model, Vec<CapabilityError>> {
        // SAFETY: the rules and the model outlive the call.
        subject::model(unsafe {
            make(|out, error| sys::cmatch_model_rebind(self.rules.get(), model.0.get(), out, error))
        })
    }

    /// The same worker for this rule set, after a reload; one from tables is built anew.
    pub fn rebind_worker(&self, worker: &Worker) -> Result<Worker, Vec<CapabilityError>> {
        // SAFETY: the rules and the worker outlive the call.
        subject::worker(unsafe {
            make(|out, error| {
                sys::cmatch_worker_rebind(self.rules.get(), worker.0.get(), out, error)
            })
        })
    }

    /// `"1.0.0"`, of the base rules file.
    pub fn version(&self) -> String {
        // SAFETY: the rules live as long as `self`.
        unsafe { copy(sys::cmatch_rules_version(self.rules.get())) }
    }

    /// `"xxh128:<32 hex digits>"`; equal sets have equal digests, wherever they were read from.
    pub fn digest(&self) -> String {
        // SAFETY: the rules live as long as `self`.
        unsafe { copy(sys::cmatch_rules_digest(self.rules.get())) }
    }

    /// Which load of its [`crate::RuleStore`] this is, from 1; 0: not from a store.
    pub fn generation(&self) -> u64 {
        // SAFETY: the rules live as long as `self`.
        unsafe { sys::cmatch_rules_generation(self.rules.get()) }
    }
}

impl std::fmt::Debug for CapabilityMatcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CapabilityMatcher").field("digest", &self.digest()).finish()
    }
}

/// The one set that [`CapabilityMatcher::check_compatibility`] uses; made once and never freed.
fn builtin_static() -> Result<&'static CapabilityMatcher, RulesError> {
    static BUILTIN: AtomicPtr<CapabilityMatcher> = AtomicPtr::new(null_mut());
    let mut found = BUILTIN.load(Ordering::Acquire);
    if found.is_null() {
        let mine = Box::into_raw(Box::new(CapabilityMatcher::builtin()?));
        match BUILTIN.compare_exchange(null_mut(), mine, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => found = mine,
            Err(first) => {
                found = first;
                // SAFETY: from Box::into_raw above, and no one else has seen it.
                drop(unsafe { Box::from_raw(mine) });
            }
        }
    }
    // SAFETY: not NULL, from Box::into_raw, published by Release after it was written, and never
    // freed; a matcher is Sync, and nobody has a `&mut` to it.
    Ok(unsafe { &*found })
}

/// A library of another ABI would read other structs.
pub(crate) fn check_abi() -> Result<(), RulesError> {
    // SAFETY: takes nothing and touches no state.
    let version = unsafe { sys::cmatch_abi_version() };
    if version == sys::CMATCH_ABI_VERSION {
        return Ok(());
    }
    let want = sys::CMATCH_ABI_VERSION;
    Err(RulesError::of(format!("libcmatch has ABI {version}, and {want} is needed")))
}

fn borrow_path(path: &Path) -> sys::cmatch_str {
    borrow_bytes(path.as_os_str().as_bytes())
}

/// Borrows; the result is not to outlive `paths`.
pub(crate) fn borrow_paths<P: AsRef<Path>>(paths: &[P]) -> Vec<sys::cmatch_str> {
    paths.iter().map(|path| borrow_path(path.as_ref())).collect()
}

/// Both, or the errors of both.
fn both(
    model: Result<Model, Vec<CapabilityError>>,
    worker: Result<Worker, Vec<CapabilityError>>,
) -> Result<(Model, Worker), Vec<CapabilityError>> {
    match (model, worker) {
        (Ok(model), Ok(worker)) => Ok((model, worker)),
        (Err(mut errors), Err(more)) => {
            errors.extend(more);
            Err(errors)
        }
        (Err(errors), Ok(_)) | (Ok(_), Err(errors)) => Err(errors),
    }
}
