//! Models and workers that are looked up in a rule set once and judged many times.

use crate::descriptor::{members_but, EngineCapabilityProfile, ModelCapabilityDescriptor};
use crate::error::{make, CapabilityError, Failure};
use crate::handle::{borrow, borrow_all, copy, copy_all, json, Handle, EMPTY};
use crate::report::to_usize;
use cmatch_sys as sys;
use std::convert::TryFrom;
use std::mem::size_of;
use std::sync::Arc;

const MCD_MEMBERS: [&str; 6] =
    ["model_id", "positional", "attention", "quant", "context_max", "vocab_size"];
const ECP_MEMBERS: [&str; 6] = [
    "worker_id",
    "supports_positional",
    "supports_attention",
    "supports_quant",
    "max_context",
    "vram_bytes",
];

/// A model, for checks against many workers. Cheap to clone.
#[derive(Clone)]
pub struct Model(pub(crate) Arc<Handle<sys::cmatch_model>>);

/// A worker, for checks of many models. Cheap to clone.
#[derive(Clone)]
pub struct Worker(pub(crate) Arc<Handle<sys::cmatch_worker>>);

/// A worker to be started: engine, GPU and launch settings. Empty text and 0: not said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkerChoice {
    /// `NAME` or `NAME@VERSION`.
    pub engine: String,
    /// The build of the engine.
    pub build: String,
    /// `"RTX 4090"`, `"cc=8.9,vram=24GiB"`; empty: `inventory` says it.
    pub gpu: String,
    /// A gpu-inventory document as JSON text.
    pub inventory: String,
    /// Which GPU of `inventory`, by its own index; None: the first.
    pub gpu_index: Option<u32>,
    /// `("kv_cache", "fp8")`, ...
    pub launch: Vec<(String, String)>,
    /// Empty: `ENGINE@VERSION/BUILD on GPU`.
    pub worker_id: String,
    /// Tokens; 0: the engine's own limit, else that of the model.
    pub max_context: usize,
}

impl Model {
    /// The `model_id`.
    pub fn id(&self) -> String {
        // SAFETY: the model lives as long as `self`.
        unsafe { copy(sys::cmatch_model_id(self.0.get())) }
    }

    /// The descriptor as JSON (CMATCH-8010), extension attributes included.
    pub fn to_json(&self) -> Result<String, CapabilityError> {
        // SAFETY: the model lives; `out` goes to a `_json` function.
        unsafe { json(|out| sys::cmatch_model_json(self.0.get(), out)) }.ok_or_else(no_memory)
    }

    /// The descriptor, extension attributes included.
    pub fn descriptor(&self) -> Result<ModelCapabilityDescriptor, CapabilityError> {
        let mut c = empty_mcd();
        // SAFETY: `c` is a whole struct with its size (5); its texts live as long as `self`.
        unsafe {
            let status = sys::cmatch_model_mcd(self.0.get(), &mut c);
            if status != sys::CMATCH_OK {
                return Err(internal(status));
            }
            Ok(ModelCapabilityDescriptor {
                model_id: copy(c.model_id),
                positional: copy(c.positional),
                attention: copy(c.attention),
                quant: copy_all(c.quant, c.quant_count),
                context_max: to_usize(c.context_max),
                vocab_size: to_usize(c.vocab_size),
                attributes: members_but(&self.to_json()?, &MCD_MEMBERS),
            })
        }
    }
}

impl Worker {
    /// The `worker_id`.
    pub fn id(&self) -> String {
        // SAFETY: the worker lives as long as `self`.
        unsafe { copy(sys::cmatch_worker_id(self.0.get())) }
    }

    /// The profile as JSON (CMATCH-8020), extension attributes included.
    pub fn to_json(&self) -> Result<String, CapabilityError> {
        // SAFETY: the worker lives; `out` goes to a `_json` function.
        unsafe { json(|out| sys::cmatch_worker_json(self.0.get(), out)) }.ok_or_else(no_memory)
    }

    /// The profile, extension attributes included. `InvalidEcp` where the memory of the GPU is not
    /// known (a product with several sizes), which a profile has to say.
    pub fn profile(&self) -> Result<EngineCapabilityProfile, CapabilityError> {
        let mut c = empty_ecp();
        // SAFETY: `c` is a whole struct with its size (5); its texts live as long as `self`.
        unsafe {
            let status = sys::cmatch_worker_ecp(self.0.get(), &mut c);
            if status != sys::CMATCH_OK {
                return Err(internal(status));
            }
            if c.vram_bytes == sys::CMATCH_NOT_KNOWN {
                let message = "/vram_bytes: not known; name the memory of the GPU";
                return Err(CapabilityError::InvalidEcp(message.to_string()));
            }
            Ok(EngineCapabilityProfile {
                worker_id: copy(c.worker_id),
                supports_positional: copy_all(c.supports_positional, c.supports_positional_count),
                supports_attention: copy_all(c.supports_attention, c.supports_attention_count),
                supports_quant: copy_all(c.supports_quant, c.supports_quant_count),
                max_context: to_usize(c.max_context),
                vram_bytes: to_usize(c.vram_bytes),
                attributes: members_but(&self.to_json()?, &ECP_MEMBERS),
            })
        }
    }
}

type Rules = Handle<sys::cmatch_rules>;

pub(crate) fn bind_model(
    rules: &Rules,
    mcd: &ModelCapabilityDescriptor,
) -> Result<Model, Vec<CapabilityError>> {
    let number = |name: &str, value: usize| {
        i64::try_from(value).map_err(|_| {
            let message = format!("/{name}: {value} is more than {}", i64::MAX);
            vec![CapabilityError::InvalidMcd(message)]
        })
    };
    let quant = borrow_all(&mcd.quant);
    let c = sys::cmatch_mcd {
        model_id: borrow(&mcd.model_id),
        positional: borrow(&mcd.positional),
        attention: borrow(&mcd.attention),
        quant: quant.as_ptr(),
        quant_count: quant.len(),
        context_max: number("context_max", mcd.context_max)?,
        vocab_size: number("vocab_size", mcd.vocab_size)?,
        attributes: borrow(&mcd.attributes),
        ..empty_mcd()
    };
    // SAFETY: `c`, `quant` and the texts they borrow from `mcd` outlive the call.
    let made =
        unsafe { make(|out, error| sys::cmatch_model_from_mcd(rules.get(), &c, out, error)) };
    model(made)
}

pub(crate) fn bind_worker(
    rules: &Rules,
    ecp: &EngineCapabilityProfile,
) -> Result<Worker, Vec<CapabilityError>> {
    // These are limits: the most that can be written is as good as more.
    let number = |value: usize| i64::try_from(value).unwrap_or(i64::MAX);
    let positional = borrow_all(&ecp.supports_positional);
    let attention = borrow_all(&ecp.supports_attention);
    let quant = borrow_all(&ecp.supports_quant);
    let c = sys::cmatch_ecp {
        struct_size: size_of::<sys::cmatch_ecp>(),
        worker_id: borrow(&ecp.worker_id),
        supports_positional: positional.as_ptr(),
        supports_positional_count: positional.len(),
        supports_attention: attention.as_ptr(),
        supports_attention_count: attention.len(),
        supports_quant: quant.as_ptr(),
        supports_quant_count: quant.len(),
        max_context: number(ecp.max_context),
        vram_bytes: number(ecp.vram_bytes),
        attributes: borrow(&ecp.attributes),
    };
    // SAFETY: `c`, the three arrays and the texts they borrow from `ecp` outlive the call.
    let made =
        unsafe { make(|out, error| sys::cmatch_worker_from_ecp(rules.get(), &c, out, error)) };
    worker(made)
}

pub(crate) fn choose_worker(
    rules: &Rules,
    choice: &WorkerChoice,
) -> Result<Worker, Vec<CapabilityError>> {
    let launch: Vec<sys::cmatch_pair> = choice
        .launch
        .iter()
        .map(|(key, value)| sys::cmatch_pair { key: borrow(key), value: borrow(value) })
        .collect();
    let c = sys::cmatch_worker_choice {
        struct_size: size_of::<sys::cmatch_worker_choice>(),
        engine: borrow(&choice.engine),
        build: borrow(&choice.build),
        gpu: borrow(&choice.gpu),
        inventory: borrow(&choice.inventory),
        gpu_index: choice.gpu_index.map_or(sys::CMATCH_NOT_KNOWN, i64::from),
        launch: launch.as_ptr(),
        launch_count: launch.len(),
        worker_id: borrow(&choice.worker_id),
        max_context: i64::try_from(choice.max_context).unwrap_or(i64::MAX),
    };
    // SAFETY: `c`, `launch` and the texts they borrow from `choice` outlive the call.
    let made =
        unsafe { make(|out, error| sys::cmatch_worker_from_tables(rules.get(), &c, out, error)) };
    worker(made)
}

pub(crate) fn model(
    made: Result<Handle<sys::cmatch_model>, Failure>,
) -> Result<Model, Vec<CapabilityError>> {
    made.map(|handle| Model(Arc::new(handle))).map_err(Failure::into_capability_errors)
}

pub(crate) fn worker(
    made: Result<Handle<sys::cmatch_worker>, Failure>,
) -> Result<Worker, Vec<CapabilityError>> {
    made.map(|handle| Worker(Arc::new(handle))).map_err(Failure::into_capability_errors)
}

pub(crate) fn no_memory() -> CapabilityError {
    internal(sys::CMATCH_E_NOMEM)
}

/// Of a function that has no error object.
pub(crate) fn internal(status: sys::cmatch_status) -> CapabilityError {
    // SAFETY: a static text for any status.
    let name = unsafe { crate::handle::static_text(sys::cmatch_status_name(status)) };
    CapabilityError::Internal(name.to_string())
}

fn empty_mcd() -> sys::cmatch_mcd {
    sys::cmatch_mcd {
        struct_size: size_of::<sys::cmatch_mcd>(),
        model_id: EMPTY,
        positional: EMPTY,
        attention: EMPTY,
        quant: std::ptr::null(),
        quant_count: 0,
        context_max: 0,
        vocab_size: 0,
        requested_context: 0,
        attributes: EMPTY,
    }
}

fn empty_ecp() -> sys::cmatch_ecp {
    sys::cmatch_ecp {
        struct_size: size_of::<sys::cmatch_ecp>(),
        worker_id: EMPTY,
        supports_positional: std::ptr::null(),
        supports_positional_count: 0,
        supports_attention: std::ptr::null(),
        supports_attention_count: 0,
        supports_quant: std::ptr::null(),
        supports_quant_count: 0,
        max_context: 0,
        vram_bytes: 0,
        attributes: EMPTY,
    }
}
