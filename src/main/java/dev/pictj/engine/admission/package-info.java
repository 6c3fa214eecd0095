/** How much image work may run and wait at a time. */
package dev.pictj.engine.admission;
