/**
 * Worker processes: what runs libvips outside of the server, in a sandbox and under limits. {@link
 * Isolated} gives jobs to the {@linkplain WorkerPool pool}, each {@link WorkerProcess} is the
 * server's end of a process, and {@link Worker} is the main class of that process.
 *
 * <p>The two talk through standard input and output of the process. Both are of one build, so that
 * the protocol has no version. Each message is one byte and its fields, as {@link
 * java.io.DataOutputStream} writes them; the server sends the next order when it has the answer to
 * the one before.
 *
 * <table>
 * <caption>Messages</caption>
 * <tr><th>message<th>sender<th>fields<th>answer
 * <tr><td>READY<td>worker, at its start<td>whether it has libvips, its libraries or why it has not,
 *     for the log<td>none
 * <tr><td>RENDER<td>server<td>a job, the source<td>UNREADABLE, DONE or FAILED
 * <tr><td>RENDER_PIXELS<td>server<td>a job, and its source decoded: size, bands, length of the ICC
 *     profile, profile, samples<td>DONE or FAILED
 * <tr><td>INSPECT<td>server<td>a check, the source<td>UNREADABLE, DONE or FAILED
 * <tr><td>MEASURE<td>server<td>the source, a WebP<td>UNREADABLE, DONE or FAILED
 * <tr><td>UNREADABLE<td>worker<td>none: it cannot open the source that it was offered<td>the bytes
 *     of the source, without another message
 * <tr><td>DONE<td>worker<td>after a job whether nothing but pixels and a profile was written, the
 *     length of the result, its bytes; after a check how many bands the copy has that it asked for,
 *     or 0, and its samples; of a WebP's streams how many there are, or -1, and how much of each
 *     counts<td>none
 * <tr><td>FAILED<td>worker<td>why<td>none
 * </table>
 *
 * <p>A source is its length, whether it is in the {@link Handover} folder, and its bytes if not. A
 * process that is late, dead or does not keep to this costs the one job that it had.
 */
@NullMarked
package dev.pictj.engine.vips.worker;

import org.jspecify.annotations.NullMarked;
