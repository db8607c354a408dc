//! Many models on many workers.

use crate::error::{make, CapabilityError, Failure};
use crate::handle::{copy, Handle};
use crate::subject::{internal, Model, Worker};
use cmatch_sys as sys;
use std::mem::size_of;
use std::ops::Range;
use std::sync::Arc;

/// Every model of a fleet on every worker of it, made by
/// [`crate::CapabilityMatcher::fleet`]: the verdicts are those of a check of the pair, found for 64
/// workers at a time. Numbers of models and workers are their places in the slices it was made
/// from. Any number of threads may ask one; none is started.
pub struct Fleet {
    fleet: Handle<sys::cmatch_fleet>,
    rules: Arc<Handle<sys::cmatch_rules>>,
}

/// How many pairs of a fleet have an outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FleetCounts {
    /// All pairs that were asked for.
    pub pairs: u64,
    /// Those that fit.
    pub compatible: u64,
    /// One for each rule, in the order of the rule set.
    pub rules: Vec<RuleCounts>,
}

/// Of one rule, in how many pairs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleCounts {
    /// `"CMATCH-8030.1"`.
    pub rule_id: String,
    /// It failed, with severity error, and no waiver let it pass.
    pub failed: u64,
    /// It warned: failed with severity warning, or passed degraded.
    pub warned: u64,
    /// An input was not known.
    pub skipped: u64,
    /// It failed, and a waiver let it pass.
    pub waived: u64,
}

impl Fleet {
    pub(crate) fn new(
        rules: &Arc<Handle<sys::cmatch_rules>>,
        models: &[Model],
        workers: &[Worker],
        models_for_worker: bool,
    ) -> Result<Self, Vec<CapabilityError>> {
        let options = sys::cmatch_fleet_options {
            struct_size: size_of::<sys::cmatch_fleet_options>(),
            models_for_worker: i32::from(models_for_worker),
            reserved: 0,
        };
        let rows: Vec<_> = models.iter().map(|model| model.0.get() as *const _).collect();
        let columns: Vec<_> = workers.iter().map(|worker| worker.0.get() as *const _).collect();
        // SAFETY: the arrays have the lengths said, and they, the objects in them (borrowed from the
        // slices), the rules and `options` outlive the call.
        let made = unsafe {
            make(|out, error| {
                sys::cmatch_fleet_new(
                    rules.get(),
                    rows.as_ptr(),
                    rows.len(),
                    columns.as_ptr(),
                    columns.len(),
                    &options,
                    out,
                    error,
                )
            })
        };
        made.map(|fleet| Self { fleet, rules: Arc::clone(rules) })
            .map_err(Failure::into_capability_errors)
    }

    /// How many models it was made from.
    pub fn model_count(&self) -> usize {
        // SAFETY: the fleet lives as long as `self`.
        unsafe { sys::cmatch_fleet_model_count(self.fleet.get()) }
    }

    /// How many workers it was made from.
    pub fn worker_count(&self) -> usize {
        // SAFETY: the fleet lives as long as `self`.
        unsafe { sys::cmatch_fleet_worker_count(self.fleet.get()) }
    }

    /// The workers that a model fits, ascending. `Internal` for a model that is not there.
    pub fn workers_for(&self, model: usize) -> Result<Vec<usize>, CapabilityError> {
        let end = model.checked_add(1).unwrap_or(model);
        Ok(places(&self.bitmap(model..end)?))
    }

    /// The models that fit a worker, ascending. `Internal` for a worker that is not there.
    pub fn models_for(&self, worker: usize) -> Result<Vec<usize>, CapabilityError> {
        let mut words = vec![0; words_for(self.model_count())];
        // SAFETY: the fleet lives, and `words` has the length said.
        let status = unsafe {
            sys::cmatch_fleet_models_for(
                self.fleet.get(),
                worker,
                words.as_mut_ptr(),
                words.len(),
            )
        };
        done(status).map(|()| places(&words))
    }

    /// The workers that each of a range of models fits: a row of `worker_count().div_ceil(64)` words
    /// a model, bit `w % 64` of word `w / 64` for worker `w`. Ranges are for threads to share.
    pub fn bitmap(&self, models: Range<usize>) -> Result<Vec<u64>, CapabilityError> {
        let count = models.end.saturating_sub(models.start);
        if models.end > self.model_count() {
            return done(sys::CMATCH_E_ARGUMENT).map(|()| Vec::new());
        }
        let mut words = vec![0; words_for(self.worker_count()).saturating_mul(count)];
        // SAFETY: the fleet lives, and `words` has the length said.
        let status = unsafe {
            sys::cmatch_fleet_workers_for(
                self.fleet.get(),
                models.start,
                count,
                words.as_mut_ptr(),
                words.len(),
            )
        };
        done(status).map(|()| words)
    }

    /// How many pairs of a range of models with every worker have which outcome.
    pub fn counts(&self, models: Range<usize>) -> Result<FleetCounts, CapabilityError> {
        let count = models.end.saturating_sub(models.start);
        let mut c = sys::cmatch_fleet_counts {
            struct_size: size_of::<sys::cmatch_fleet_counts>(),
            pairs: 0,
            compatible: 0,
            failed: [0; sys::CMATCH_MAX_RULES],
            warned: [0; sys::CMATCH_MAX_RULES],
            skipped: [0; sys::CMATCH_MAX_RULES],
            waived: [0; sys::CMATCH_MAX_RULES],
        };
        // SAFETY: the fleet lives, and `c` is a whole struct with its size (5).
        done(unsafe { sys::cmatch_fleet_count(self.fleet.get(), models.start, count, &mut c) })?;
        // SAFETY: the rules live as long as `self`; an id is empty where there is no such rule.
        let rule_count = unsafe { sys::cmatch_rules_count(self.rules.get()) };
        let of_rules = c.failed.iter().zip(&c.warned).zip(&c.skipped).zip(&c.waived);
        let rules = of_rules.take(rule_count).enumerate();
        let rules = rules.map(|(i, (((&failed, &warned), &skipped), &waived))| RuleCounts {
            // SAFETY: as above.
            rule_id: unsafe { copy(sys::cmatch_rules_id(self.rules.get(), i)) },
            failed,
            warned,
            skipped,
            waived,
        });
        Ok(FleetCounts { pairs: c.pairs, compatible: c.compatible, rules: rules.collect() })
    }
}

fn done(status: sys::cmatch_status) -> Result<(), CapabilityError> {
    match status {
        sys::CMATCH_OK => Ok(()),
        _ => Err(internal(status)),
    }
}

fn words_for(bits: usize) -> usize {
    bits / 64 + usize::from(bits % 64 != 0)
}

/// The places of the bits that are set.
fn places(words: &[u64]) -> Vec<usize> {
    let bits = words.iter().flat_map(|word| (0..64).map(move |bit| word >> bit & 1 == 1));
    bits.enumerate().filter_map(|(place, set)| set.then_some(place)).collect()
}
