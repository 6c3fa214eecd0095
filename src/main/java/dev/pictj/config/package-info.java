/** What can be set, and reading it. Knows no other package. */
package dev.pictj.config;
