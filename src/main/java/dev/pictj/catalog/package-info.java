/** Names and what they point to, in verbs of the domain. Knows {@code media} only. */
package dev.pictj.catalog;
