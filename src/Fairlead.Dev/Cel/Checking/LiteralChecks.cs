using Fairlead.Dev.Cel.Libraries;
using Fairlead.Dev.Cel.Syntax;
using Fairlead.Dev.Cel.Values;

namespace Fairlead.Dev.Cel.Checking;

/// <summary>Rejects literal patterns, durations and timestamps that could never be read.</summary>
internal static class LiteralChecks
{
    public static void Check(CelSource source, CallNode call)
    {
        switch (call.Function.Name)
        {
            case "matches" or "find" or "findAll" when Literal(call, 1) is { } pattern:
                if (Re2Pattern.TryCompile(pattern) is { Error: { } fault })
                    throw source.Error(call.Arguments[1].Position, $"invalid matches argument: {fault}");
                break;
            case "duration" when Literal(call, 0) is { } span && !CelDuration.TryParse(span, out _):
                throw source.Error(call.Arguments[0].Position, $"invalid duration argument: '{span}' is no duration such as '1h30m'");
            case "timestamp" when Literal(call, 0) is { } instant && !CelTimestamp.TryParse(instant, out _):
                throw source.Error(call.Arguments[0].Position, $"invalid timestamp argument: '{instant}' is no RFC 3339 time");
        }
    }

    private static string? Literal(CallNode call, int index) =>
        index < call.Arguments.Length && call.Arguments[index] is LiteralNode { Value: CelString text } ? text.Value : null;
}
