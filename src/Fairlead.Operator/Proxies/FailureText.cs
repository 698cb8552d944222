using System.Text.RegularExpressions;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Operator.Proxies;

/// <summary>
/// Keeps the message of a failure that repeats itself. Servers put request IDs, times and durations into what they answer; written
/// anew each time, these would change the status, and thereby call the operator again, with every try. Any other number may be what
/// the failure is about.
/// </summary>
internal static partial class FailureText
{
    /// <summary>The message known, if the new one differs from it in nothing but IDs of requests, times and durations; otherwise the new one.</summary>
    /// <param name="known">The condition as it is; null when there is none.</param>
    /// <param name="step">What failed, as <paramref name="message"/> says it; this part has to be the same to the letter.</param>
    public static string Settle(Condition? known, string reason, string message, string step)
    {
        var exact = message.IndexOf(step, StringComparison.Ordinal) + step.Length;
        return known is { Status: "False", Message: { } before } && known.Reason == reason
            && before.StartsWith(message[..exact], StringComparison.Ordinal)
            && Incidental().Replace(before[exact..], "#") == Incidental().Replace(message[exact..], "#")
                ? before
                : message;
    }

    [GeneratedRegex(
        // IDs: UUIDs, and what is called a request's or a trace's.
        @"(?<![\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])"
        + @"|(?<=\b(?:request|req|trace|correlation)(?:[ _-]?id)?[ :=]{1,2}""?)(?=[a-z_-]{0,64}\d)[\w-]+"

        // Times of day, with a date or without.
        + @"|(?<![\w.:-])(?:\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?(?!\w)"

        // Durations: 1m30.5s, 30.02 s, 200 milliseconds.
        + @"|(?<![\w.:-])(?:\d+(?:\.\d+)? ?(?:ns|[uµ]s|ms|s|m|h|(?:milli|micro)?seconds?|minutes?|hours?))+(?![\w-])"

        // The caller's port, which is another one for each connection.
        + @"|(?<=:)\d{1,5}(?=->)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Incidental();
}
