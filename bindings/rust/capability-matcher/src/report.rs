//! From the findings of a report to errors.

use crate::error::CapabilityError;
use crate::handle::{copy, Handle, EMPTY};
use cmatch_sys as sys;
use std::convert::TryFrom;

type TextAt = unsafe extern "C" fn(
    report: *const sys::cmatch_report,
    list: i32,
    i: usize,
    j: usize,
) -> sys::cmatch_str;

/// The violations, in the order of the rule set; never empty, since it is asked of incompatible
/// pairs only.
pub(crate) fn violations(report: &Handle<sys::cmatch_report>) -> Vec<CapabilityError> {
    // SAFETY: `report` lives during the call.
    let count = unsafe { sys::cmatch_report_count(report.get(), sys::CMATCH_VIOLATIONS) };
    let mut errors: Vec<_> = (0..count).filter_map(|i| violation_at(report, i)).collect();
    if errors.is_empty() {
        errors.push(CapabilityError::Internal("a failed check without a finding".to_string()));
    }
    errors
}

fn violation_at(report: &Handle<sys::cmatch_report>, i: usize) -> Option<CapabilityError> {
    let mut found = empty_finding();
    // SAFETY: `found` is a whole struct with its size (5).
    let status =
        unsafe { sys::cmatch_report_at(report.get(), sys::CMATCH_VIOLATIONS, i, &mut found) };
    if status != sys::CMATCH_OK {
        return None;
    }
    let texts = |count, at: TextAt| -> Vec<String> {
        let list = sys::CMATCH_VIOLATIONS;
        // SAFETY: any index is in order (empty where there is none), and `report` lives.
        (0..count).map(|j| unsafe { copy(at(report.get(), list, i, j)) }).collect()
    };
    let required = texts(found.required_count, sys::cmatch_report_required);
    let supported = texts(found.supported_count, sys::cmatch_report_supported);
    let one = |texts: Vec<String>| texts.into_iter().next().unwrap_or_default();
    Some(match found.kind {
        sys::CMATCH_KIND_POSITIONAL => {
            CapabilityError::IncompatiblePositional { required: one(required), supported }
        }
        sys::CMATCH_KIND_ATTENTION => {
            CapabilityError::IncompatibleAttention { required: one(required), supported }
        }
        sys::CMATCH_KIND_QUANT => CapabilityError::IncompatibleQuant { required, supported },
        sys::CMATCH_KIND_CONTEXT
            if found.has_required_number != 0 && found.limit_kind == sys::CMATCH_LIMIT_MAX =>
        {
            CapabilityError::ContextTooLarge {
                required: to_usize(found.required_number),
                max: to_usize(found.limit),
            }
        }
        _ => rule_failed(&found),
    })
}

fn rule_failed(found: &sys::cmatch_finding) -> CapabilityError {
    // SAFETY: the texts are of a report that the caller holds.
    let (rule_id, mut message, hint) =
        unsafe { (copy(found.rule), copy(found.message), copy(found.hint)) };
    if !hint.is_empty() {
        message = format!("{message} ({hint})");
    }
    CapabilityError::RuleFailed { rule_id, message }
}

/// Negative numbers are not in a verdict; what is more than this machine can count is its most.
pub(crate) fn to_usize(number: i64) -> usize {
    usize::try_from(number.max(0)).unwrap_or(usize::MAX)
}

fn empty_finding() -> sys::cmatch_finding {
    sys::cmatch_finding {
        struct_size: std::mem::size_of::<sys::cmatch_finding>(),
        rule: EMPTY,
        error: EMPTY,
        message: EMPTY,
        hint: EMPTY,
        source_file: EMPTY,
        source_text: EMPTY,
        source_line: 0,
        kind: 0,
        is_warning: 0,
        limit_kind: 0,
        limit: 0,
        required_number: 0,
        has_required_number: 0,
        has_supported: 0,
        required_count: 0,
        supported_count: 0,
    }
}
