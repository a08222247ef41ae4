//! Hostile scripts: each ends with a clear error, or harmlessly, and leaves the next run unharmed.
//!
//! The scripts lie in `hostile/`. The first line of each says how it must end: kinds parted by `|`,
//! each with a piece of the message (or the whole result) behind a colon.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use script::{Limits, ScriptError};
use serde_json::{Map, Value, json};

use super::pool_with;

type Outcome = Result<Map<String, Value>, ScriptError>;

/// What JavaScript must still be like in the run after a hostile one.
const NEXT: &str = "
    const keys = [];
    for (const key in {}) keys.push(key);
    const list = [1, 2];
    list.push(3);
    return { sum: list.reduce((a, b) => a + b), keys, x: typeof x, json: JSON.stringify({ a: 1 }) };";

fn next_result() -> Value {
    json!({ "sum": 6, "keys": [], "x": "undefined", "json": "{\"a\":1}" })
}

async fn ends_as_told(name: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/hostile/{name}.js"));
    let text = std::fs::read_to_string(path).unwrap();
    let (first, code) = text.split_once('\n').unwrap();
    let expected = first.strip_prefix("// ").unwrap();
    let pool = pool_with(Limits {
        // One that must reach its end gets the time for it on a busy machine too.
        time: if expected.starts_with("time") {
            Duration::from_millis(400)
        } else {
            Duration::from_secs(30)
        },
        ..Limits::default()
    });
    let outcome = pool.run(code, &Map::new(), UNIX_EPOCH).await;
    assert!(
        expected.split('|').any(|expected| is(expected, &outcome)),
        "{name}: expected {expected}, got {outcome:?}"
    );
    let next = loop {
        match pool.run(NEXT, &Map::new(), UNIX_EPOCH).await {
            // The short limit is for the hostile one; a busy machine may need more for this.
            Err(ScriptError::TimeLimit { .. }) => {}
            other => break other.unwrap(),
        }
    };
    assert_eq!(Value::Object(next), next_result());
}

fn is(expected: &str, outcome: &Outcome) -> bool {
    let (kind, piece) = expected.split_once(": ").unwrap_or((expected, ""));
    let error = match outcome {
        Ok(object) => {
            let wanted = || serde_json::from_str::<Map<String, Value>>(piece).unwrap();
            return kind == "returns" && (piece.is_empty() || *object == wanted());
        }
        Err(error) => error,
    };
    let found = match error {
        ScriptError::TimeLimit { .. } => "time",
        ScriptError::MemoryLimit { .. } => "memory",
        ScriptError::OutputTooLarge { .. } => "output",
        ScriptError::Thrown { .. } => "thrown",
        ScriptError::Syntax { .. } => "syntax",
        ScriptError::NotAnObject { .. } => "not an object",
        ScriptError::NotJson { .. } => "not json",
        ScriptError::TooDeep { .. } => "too deep",
        ScriptError::NeverSettles => "never settles",
        _ => "our own fault",
    };
    kind == found && error.to_string().contains(piece)
}

macro_rules! hostile {
    ($($test:ident $name:literal)*) => {
        $(#[tokio::test] async fn $test() { ends_as_told($name).await; })*
        const NAMES: &[&str] = &[$($name),*];
    };
}

hostile! {
    attack_63_array_bomb "array_bomb"
    attack_63_array_filled "array_filled"
    attack_63_array_joined "array_joined"
    attack_63_atomics_wait "atomics_wait"
    attack_63_big_message "big_message"
    attack_63_big_output "big_output"
    attack_63_big_output_1_gb "big_output_1_gb"
    attack_63_big_output_endless_proxy "big_output_endless_proxy"
    attack_63_big_output_of_escapes "big_output_of_escapes"
    attack_63_big_output_of_holes "big_output_of_holes"
    attack_63_big_output_of_keys "big_output_of_keys"
    attack_63_big_output_of_lists "big_output_of_lists"
    attack_63_bigint_bomb "bigint_bomb"
    attack_63_break_out "break_out"
    attack_63_break_out_by_comment "break_out_by_comment"
    attack_63_buffer_bomb "buffer_bomb"
    attack_63_buffer_detached "buffer_detached"
    attack_63_circular_result "circular_result"
    attack_63_clock_by_date "clock_by_date"
    attack_63_deep_json_parsed "deep_json_parsed"
    attack_63_deep_recursion "deep_recursion"
    attack_63_deep_recursion_native "deep_recursion_native"
    attack_63_deep_regex "deep_regex"
    attack_63_deep_result "deep_result"
    attack_63_endless_loop "endless_loop"
    attack_63_eval_direct "eval_direct"
    attack_63_eval_indirect "eval_indirect"
    attack_63_function_async "function_async"
    attack_63_function_by_host "function_by_host"
    attack_63_function_by_prototype "function_by_prototype"
    attack_63_function_constructor "function_constructor"
    attack_63_function_generator "function_generator"
    attack_63_function_subclassed "function_subclassed"
    attack_63_getter_throws "getter_throws"
    attack_63_globals_tampered "globals_tampered"
    attack_63_hash_of_hostile "hash_of_hostile"
    attack_63_import_dynamic "import_dynamic"
    attack_63_import_static "import_static"
    attack_63_json_replaced "json_replaced"
    attack_63_key_with_nul "key_with_nul"
    attack_63_loop_in_async_generator "loop_in_async_generator"
    attack_63_loop_in_generator "loop_in_generator"
    attack_63_loop_in_getter "loop_in_getter"
    attack_63_loop_in_has_instance "loop_in_has_instance"
    attack_63_loop_in_message "loop_in_message"
    attack_63_loop_in_microtasks "loop_in_microtasks"
    attack_63_loop_in_proxy "loop_in_proxy"
    attack_63_loop_in_proxy_prototype "loop_in_proxy_prototype"
    attack_63_loop_in_sort "loop_in_sort"
    attack_63_loop_in_stack "loop_in_stack"
    attack_63_loop_in_thenable "loop_in_thenable"
    attack_63_loop_in_to_json "loop_in_to_json"
    attack_63_loop_in_to_primitive "loop_in_to_primitive"
    attack_63_loop_in_try "loop_in_try"
    attack_63_memory_caught "memory_caught"
    attack_63_message_hostile "message_hostile"
    attack_63_message_of_control "message_of_control"
    attack_63_network_fetch "network_fetch"
    attack_63_object_bomb "object_bomb"
    attack_63_pollute_accessors "pollute_accessors"
    attack_63_pollute_by_key "pollute_by_key"
    attack_63_pollute_prototype "pollute_prototype"
    attack_63_pollute_to_json "pollute_to_json"
    attack_63_processes "processes"
    attack_63_promise_tampered "promise_tampered"
    attack_63_prototypes_emptied "prototypes_emptied"
    attack_63_regex_bomb "regex_bomb"
    attack_63_require_fs "require_fs"
    attack_63_result_changes_itself "result_changes_itself"
    attack_63_returned_callable_proxy "returned_callable_proxy"
    attack_63_returned_function "returned_function"
    attack_63_returned_promise "returned_promise"
    attack_63_returned_rejection "returned_rejection"
    attack_63_returned_thenable "returned_thenable"
    attack_63_revoked_proxy "revoked_proxy"
    attack_63_sparse_reverse "sparse_reverse"
    attack_63_stack_call_sites "stack_call_sites"
    attack_63_stack_spoofed "stack_spoofed"
    attack_63_std_os "std_os"
    attack_63_string_bomb "string_bomb"
    attack_63_string_pile "string_pile"
    attack_63_surrogate_halves "surrogate_halves"
    attack_63_symbol_iterator "symbol_iterator"
    attack_63_symbol_keys "symbol_keys"
    attack_63_symbol_to_string_tag "symbol_to_string_tag"
    attack_63_thrown_null "thrown_null"
    attack_63_thrown_proxy "thrown_proxy"
    attack_63_thrown_symbol "thrown_symbol"
}

#[test]
fn every_hostile_script_is_run() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile");
    let files: BTreeSet<String> = std::fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let run: BTreeSet<String> = NAMES.iter().map(|name| format!("{name}.js")).collect();
    assert_eq!(files, run);
}
