/**
 * Other people's clients against this server: a browser, and the proxies and caches that stand in
 * front of it. Every test class is tagged {@code clients} and ends in {@code IT}; they run by
 * {@code script/test --clients} only, from the distribution's packages, and fail where a program is
 * missing.
 */
package dev.pictj.clients;
