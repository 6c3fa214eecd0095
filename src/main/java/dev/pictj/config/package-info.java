/** What can be set, and reading it. Knows no other package but that of addresses. */
package dev.pictj.config;
