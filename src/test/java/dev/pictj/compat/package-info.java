/**
 * Whether whoever talks to pict-rs can talk to this server: recorded exchanges asked again, and
 * stand-ins of Lemmy that send what those servers send and read what they read. What needs more
 * than a JDK is tagged {@code clients}.
 */
package dev.pictj.compat;
