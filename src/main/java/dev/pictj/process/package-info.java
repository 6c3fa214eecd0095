/** What may be done to a picture on request, and the variants that come of it. */
package dev.pictj.process;
