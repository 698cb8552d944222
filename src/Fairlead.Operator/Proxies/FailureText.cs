using System.Text.RegularExpressions;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Operator.Proxies;

/// <summary>
/// Keeps the message of a failure that repeats itself. Servers put request IDs, times and counters into what they answer; written
/// anew each time, these would change the status, and thereby call the operator again, with every try.
/// </summary>
internal static partial class FailureText
{
    /// <summary>The message known, if the new one differs from it in nothing but words with digits; otherwise the new one.</summary>
    /// <param name="known">The condition as it is; null when there is none.</param>
    /// <param name="step">What failed, as <paramref name="message"/> says it; this part has to be the same to the letter.</param>
    public static string Settle(Condition? known, string reason, string message, string step)
    {
        var exact = message.IndexOf(step, StringComparison.Ordinal) + step.Length;
        return known is { Status: "False", Message: { } before } && known.Reason == reason
            && before.StartsWith(message[..exact], StringComparison.Ordinal)
            && WithDigit().Replace(before[exact..], "#") == WithDigit().Replace(message[exact..], "#")
                ? before
                : message;
    }

    [GeneratedRegex(@"[\p{L}\p{N}_.:+-]*\d[\p{L}\p{N}_.:+-]*", RegexOptions.CultureInvariant)]
    private static partial Regex WithDigit();
}
