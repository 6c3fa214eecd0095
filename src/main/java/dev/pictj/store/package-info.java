/** Stored bytes under private names. Knows no other package. */
package dev.pictj.store;
