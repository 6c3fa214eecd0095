/**
 * Input for the parsers that face the world, mutated without end by {@code script/fuzz} and a
 * little in the tests. Each target has the signature that the fuzzer Jazzer calls, and throws where
 * its parser breaks a promise.
 */
package dev.pictj.fuzz;
