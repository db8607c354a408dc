//! `cmatch.h` in Rust: declarations and nothing else. What each function does, what it owns and
//! when it may be called is said in the header, once; `capability-matcher` is the safe surface.
//!
//! Written by hand. `tests/layout.rs` compares the structs with those of the library linked, so
//! that a change of one side alone is found.

#![allow(non_camel_case_types)]

use std::marker::{PhantomData, PhantomPinned};
use std::os::raw::{c_char, c_void};

/// The `CMATCH_ABI_VERSION` that these declarations are of.
pub const CMATCH_ABI_VERSION: u32 = 1;

pub type cmatch_status = i32;

pub const CMATCH_OK: cmatch_status = 0;
pub const CMATCH_INCOMPATIBLE: cmatch_status = 1;
pub const CMATCH_INVALID_MCD: cmatch_status = 2;
pub const CMATCH_INVALID_ECP: cmatch_status = 3;
pub const CMATCH_E_NOMEM: cmatch_status = -1;
pub const CMATCH_E_ARGUMENT: cmatch_status = -2;
pub const CMATCH_E_RULES: cmatch_status = -3;
pub const CMATCH_E_HANDLE: cmatch_status = -4;
pub const CMATCH_E_MISMATCH: cmatch_status = -5;
pub const CMATCH_E_VERSION: cmatch_status = -6;
pub const CMATCH_E_INTERNAL: cmatch_status = -7;
pub const CMATCH_E_GPU: cmatch_status = -8;

pub const CMATCH_LOG_TRACE: i32 = 0;
pub const CMATCH_LOG_DEBUG: i32 = 1;
pub const CMATCH_LOG_INFO: i32 = 2;
pub const CMATCH_LOG_WARN: i32 = 3;
pub const CMATCH_LOG_ERROR: i32 = 4;
pub const CMATCH_LOG_OFF: i32 = 5;

pub const CMATCH_MAX_RULES: usize = 256;
pub const CMATCH_NOT_KNOWN: i64 = i64::MIN;

pub const CMATCH_FLAG_TRACE: u32 = 1;
pub const CMATCH_FLAG_IF_INCOMPATIBLE: u32 = 2;

pub const CMATCH_VIOLATIONS: i32 = 0;
pub const CMATCH_WARNINGS: i32 = 1;
pub const CMATCH_WAIVED: i32 = 2;
pub const CMATCH_SKIPPED: i32 = 3;

pub const CMATCH_KIND_OTHER: i32 = 0;
pub const CMATCH_KIND_POSITIONAL: i32 = 1;
pub const CMATCH_KIND_ATTENTION: i32 = 2;
pub const CMATCH_KIND_QUANT: i32 = 3;
pub const CMATCH_KIND_CONTEXT: i32 = 4;
pub const CMATCH_KIND_INVALID_MCD: i32 = 5;
pub const CMATCH_KIND_INVALID_ECP: i32 = 6;
pub const CMATCH_KIND_RULE_FAILED: i32 = 100;

pub const CMATCH_LIMIT_NONE: i32 = 0;
pub const CMATCH_LIMIT_MAX: i32 = 1;
pub const CMATCH_LIMIT_MIN: i32 = 2;
pub const CMATCH_LIMIT_MULTIPLE_OF: i32 = 3;

/// Types of which only pointers exist here. Neither `Send`, `Sync` nor `Unpin`: the safe surface
/// says what holds for each.
macro_rules! opaque {
    ($($name:ident),+ $(,)?) => {$(
        #[repr(C)]
        pub struct $name {
            _private: [u8; 0],
            _marker: PhantomData<(*mut u8, PhantomPinned)>,
        }
    )+};
}

opaque!(
    cmatch_text,
    cmatch_error,
    cmatch_rules,
    cmatch_store,
    cmatch_model,
    cmatch_worker,
    cmatch_fleet,
    cmatch_report,
);

/// Borrowed text. `ptr` is not read where `len` is 0.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cmatch_str {
    pub ptr: *const c_char,
    pub len: usize,
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cmatch_pair {
    pub key: cmatch_str,
    pub value: cmatch_str,
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cmatch_problem {
    pub struct_size: usize,
    pub code: cmatch_str,
    pub path: cmatch_str,
    pub message: cmatch_str,
    pub help: cmatch_str,
    pub file: cmatch_str,
    pub line: u32,
    pub column: u32,
    pub is_warning: i32,
    pub reserved: i32,
}

pub type cmatch_log_fn =
    Option<unsafe extern "C" fn(user: *mut c_void, level: i32, json: cmatch_str)>;

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cmatch_options {
    pub struct_size: usize,
    pub today: cmatch_str,
    pub log: cmatch_log_fn,
    pub log_user: *mut c_void,
    pub log_free: Option<unsafe extern "C" fn(*mut c_void)>,
    pub log_level: i32,
    pub reserved: i32,
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cmatch_model_options {
    pub struct_size: usize,
    pub requested_context: i64,
    pub no_sidecar: i32,
    pub header_only: i32,
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cmatch_mcd {
    pub struct_size: usize,
    pub model_id: cmatch_str,
    pub positional: cmatch_str,
    pub attention: cmatch_str,
    pub quant: *const cmatch_str,
    pub quant_count: usize,
    pub context_max: i64,
    pub vocab_size: i64,
    pub requested_context: i64,
    pub attributes: cmatch_str,
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cmatch_ecp {
    pub struct_size: usize,
    pub worker_id: cmatch_str,
    pub supports_positional: *const cmatch_str,
    pub supports_positional_count: usize,
    pub supports_attention: *const cmatch_str,
    pub supports_attention_count: usize,
    pub supports_quant: *const cmatch_str,
    pub supports_quant_count: usize,
    pub max_context: i64,
    pub vram_bytes: i64,
    pub attributes: cmatch_str,
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cmatch_worker_choice {
    pub struct_size: usize,
    pub engine: cmatch_str,
    pub build: cmatch_str,
    pub gpu: cmatch_str,
    pub inventory: cmatch_str,
    pub gpu_index: i64,
    pub launch: *const cmatch_pair,
    pub launch_count: usize,
    pub worker_id: cmatch_str,
    pub max_context: i64,
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cmatch_verdict {
    pub struct_size: usize,
    pub failed: [u64; CMATCH_MAX_RULES / 64],
    pub warned: [u64; CMATCH_MAX_RULES / 64],
    pub skipped: [u64; CMATCH_MAX_RULES / 64],
    pub waived: [u64; CMATCH_MAX_RULES / 64],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cmatch_fleet_options {
    pub struct_size: usize,
    pub models_for_worker: i32,
    pub reserved: i32,
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cmatch_fleet_counts {
    pub struct_size: usize,
    pub pairs: u64,
    pub compatible: u64,
    pub failed: [u64; CMATCH_MAX_RULES],
    pub warned: [u64; CMATCH_MAX_RULES],
    pub skipped: [u64; CMATCH_MAX_RULES],
    pub waived: [u64; CMATCH_MAX_RULES],
}

#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct cmatch_finding {
    pub struct_size: usize,
    pub rule: cmatch_str,
    pub error: cmatch_str,
    pub message: cmatch_str,
    pub hint: cmatch_str,
    pub source_file: cmatch_str,
    pub source_text: cmatch_str,
    pub source_line: u32,
    pub kind: i32,
    pub is_warning: i32,
    pub limit_kind: i32,
    pub limit: i64,
    pub required_number: i64,
    pub has_required_number: i32,
    pub has_supported: i32,
    pub required_count: usize,
    pub supported_count: usize,
}

extern "C" {
    pub fn cmatch_abi_version() -> u32;
    pub fn cmatch_version() -> *const c_char;
    pub fn cmatch_status_name(status: cmatch_status) -> *const c_char;
    pub fn cmatch_status_http_code(status: cmatch_status) -> *const c_char;
    pub fn cmatch_sizeof(name: cmatch_str) -> usize;

    pub fn cmatch_text_str(text: *const cmatch_text) -> cmatch_str;
    pub fn cmatch_text_free(text: *mut cmatch_text);

    pub fn cmatch_error_status(error: *const cmatch_error) -> cmatch_status;
    pub fn cmatch_error_name(error: *const cmatch_error) -> cmatch_str;
    pub fn cmatch_error_message(error: *const cmatch_error) -> cmatch_str;
    pub fn cmatch_error_count(error: *const cmatch_error) -> usize;
    pub fn cmatch_error_at(
        error: *const cmatch_error,
        i: usize,
        out: *mut cmatch_problem,
    ) -> cmatch_status;
    pub fn cmatch_error_json(
        error: *const cmatch_error,
        out: *mut *mut cmatch_text,
    ) -> cmatch_status;
    pub fn cmatch_error_free(error: *mut cmatch_error);

    pub fn cmatch_rules_builtin(
        options: *const cmatch_options,
        out: *mut *mut cmatch_rules,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_rules_load(
        directories: *const cmatch_str,
        count: usize,
        options: *const cmatch_options,
        out: *mut *mut cmatch_rules,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_rules_with(
        rules: *const cmatch_rules,
        options: *const cmatch_options,
        out: *mut *mut cmatch_rules,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_rules_ref(rules: *const cmatch_rules) -> *mut cmatch_rules;
    pub fn cmatch_rules_free(rules: *mut cmatch_rules);
    pub fn cmatch_rules_version(rules: *const cmatch_rules) -> cmatch_str;
    pub fn cmatch_rules_digest(rules: *const cmatch_rules) -> cmatch_str;
    pub fn cmatch_rules_generation(rules: *const cmatch_rules) -> u64;
    pub fn cmatch_rules_count(rules: *const cmatch_rules) -> usize;
    pub fn cmatch_rules_id(rules: *const cmatch_rules, i: usize) -> cmatch_str;

    pub fn cmatch_store_new(
        directories: *const cmatch_str,
        count: usize,
        options: *const cmatch_options,
        out: *mut *mut cmatch_store,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_store_reload(
        store: *mut cmatch_store,
        directories: *const cmatch_str,
        count: usize,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_store_set_today(
        store: *mut cmatch_store,
        today: cmatch_str,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_store_get(store: *const cmatch_store) -> *mut cmatch_rules;
    pub fn cmatch_store_generation(store: *const cmatch_store) -> u64;
    pub fn cmatch_store_free(store: *mut cmatch_store);

    pub fn cmatch_model_from_path(
        rules: *const cmatch_rules,
        path: cmatch_str,
        options: *const cmatch_model_options,
        out: *mut *mut cmatch_model,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_model_from_bytes(
        rules: *const cmatch_rules,
        name: cmatch_str,
        bytes: *const c_void,
        size: usize,
        options: *const cmatch_model_options,
        out: *mut *mut cmatch_model,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_model_from_json(
        rules: *const cmatch_rules,
        json: cmatch_str,
        options: *const cmatch_model_options,
        out: *mut *mut cmatch_model,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_model_from_catalog(
        rules: *const cmatch_rules,
        path: cmatch_str,
        id: cmatch_str,
        options: *const cmatch_model_options,
        out: *mut *mut cmatch_model,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_model_from_catalog_json(
        rules: *const cmatch_rules,
        json: cmatch_str,
        id: cmatch_str,
        options: *const cmatch_model_options,
        out: *mut *mut cmatch_model,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_model_from_mcd(
        rules: *const cmatch_rules,
        mcd: *const cmatch_mcd,
        out: *mut *mut cmatch_model,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_model_rebind(
        rules: *const cmatch_rules,
        model: *const cmatch_model,
        out: *mut *mut cmatch_model,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_model_id(model: *const cmatch_model) -> cmatch_str;
    pub fn cmatch_model_mcd(model: *const cmatch_model, out: *mut cmatch_mcd) -> cmatch_status;
    pub fn cmatch_model_json(
        model: *const cmatch_model,
        out: *mut *mut cmatch_text,
    ) -> cmatch_status;
    pub fn cmatch_model_free(model: *mut cmatch_model);

    pub fn cmatch_worker_from_json(
        rules: *const cmatch_rules,
        json: cmatch_str,
        out: *mut *mut cmatch_worker,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_worker_from_tables(
        rules: *const cmatch_rules,
        choice: *const cmatch_worker_choice,
        out: *mut *mut cmatch_worker,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_worker_from_ecp(
        rules: *const cmatch_rules,
        ecp: *const cmatch_ecp,
        out: *mut *mut cmatch_worker,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_worker_rebind(
        rules: *const cmatch_rules,
        worker: *const cmatch_worker,
        out: *mut *mut cmatch_worker,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_worker_id(worker: *const cmatch_worker) -> cmatch_str;
    pub fn cmatch_worker_ecp(worker: *const cmatch_worker, out: *mut cmatch_ecp) -> cmatch_status;
    pub fn cmatch_worker_json(
        worker: *const cmatch_worker,
        out: *mut *mut cmatch_text,
    ) -> cmatch_status;
    pub fn cmatch_worker_free(worker: *mut cmatch_worker);

    pub fn cmatch_check(
        rules: *const cmatch_rules,
        model: *const cmatch_model,
        worker: *const cmatch_worker,
        out: *mut cmatch_verdict,
    ) -> cmatch_status;
    pub fn cmatch_check_many(
        rules: *const cmatch_rules,
        models: *const *const cmatch_model,
        model_count: usize,
        workers: *const *const cmatch_worker,
        worker_count: usize,
        bitmap: *mut u64,
        words: usize,
    ) -> cmatch_status;

    pub fn cmatch_fleet_new(
        rules: *const cmatch_rules,
        models: *const *const cmatch_model,
        model_count: usize,
        workers: *const *const cmatch_worker,
        worker_count: usize,
        options: *const cmatch_fleet_options,
        out: *mut *mut cmatch_fleet,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_fleet_model_count(fleet: *const cmatch_fleet) -> usize;
    pub fn cmatch_fleet_worker_count(fleet: *const cmatch_fleet) -> usize;
    pub fn cmatch_fleet_workers_for(
        fleet: *const cmatch_fleet,
        first: usize,
        count: usize,
        bitmap: *mut u64,
        words: usize,
    ) -> cmatch_status;
    pub fn cmatch_fleet_models_for(
        fleet: *const cmatch_fleet,
        worker: usize,
        bitmap: *mut u64,
        words: usize,
    ) -> cmatch_status;
    pub fn cmatch_fleet_count(
        fleet: *const cmatch_fleet,
        first: usize,
        count: usize,
        out: *mut cmatch_fleet_counts,
    ) -> cmatch_status;
    pub fn cmatch_fleet_free(fleet: *mut cmatch_fleet);

    pub fn cmatch_report_new(
        rules: *const cmatch_rules,
        model: *const cmatch_model,
        worker: *const cmatch_worker,
        flags: u32,
        out: *mut *mut cmatch_report,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_check_typed(
        rules: *const cmatch_rules,
        mcd: *const cmatch_mcd,
        ecp: *const cmatch_ecp,
        flags: u32,
        out: *mut *mut cmatch_report,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_check_json(
        rules: *const cmatch_rules,
        mcd: cmatch_str,
        ecp: cmatch_str,
        flags: u32,
        out: *mut *mut cmatch_report,
        error: *mut *mut cmatch_error,
    ) -> cmatch_status;
    pub fn cmatch_report_compatible(report: *const cmatch_report) -> i32;
    pub fn cmatch_report_model_id(report: *const cmatch_report) -> cmatch_str;
    pub fn cmatch_report_worker_id(report: *const cmatch_report) -> cmatch_str;
    pub fn cmatch_report_version(report: *const cmatch_report) -> cmatch_str;
    pub fn cmatch_report_digest(report: *const cmatch_report) -> cmatch_str;
    pub fn cmatch_report_generation(report: *const cmatch_report) -> u64;
    pub fn cmatch_report_count(report: *const cmatch_report, list: i32) -> usize;
    pub fn cmatch_report_at(
        report: *const cmatch_report,
        list: i32,
        i: usize,
        out: *mut cmatch_finding,
    ) -> cmatch_status;
    pub fn cmatch_report_required(
        report: *const cmatch_report,
        list: i32,
        i: usize,
        j: usize,
    ) -> cmatch_str;
    pub fn cmatch_report_supported(
        report: *const cmatch_report,
        list: i32,
        i: usize,
        j: usize,
    ) -> cmatch_str;
    pub fn cmatch_report_json(
        report: *const cmatch_report,
        out: *mut *mut cmatch_text,
    ) -> cmatch_status;
    pub fn cmatch_report_free(report: *mut cmatch_report);
}
