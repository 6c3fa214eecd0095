/** How the speed of the catalog depends on its size; {@code script/bench --growth} runs it. */
package dev.pictj.growth;
