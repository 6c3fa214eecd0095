/**
 * What README and docs/ say is held against the program: tables, links, options, settings, scripts.
 */
package dev.pictj.docs;
