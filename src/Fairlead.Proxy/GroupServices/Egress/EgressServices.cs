using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Fairlead.Proxy.GroupServices.Egress;

/// <summary>The egress Services of a ProxyGroup, as they are mounted into its Pods.</summary>
/// <param name="Entries">By <c>namespace-name</c> of the user's Service.</param>
/// <param name="Pings">How many answers in a row tell that no node of the cluster leads to this Pod any more.</param>
internal sealed record EgressServices(ImmutableSortedDictionary<string, EgressServiceEntry> Entries, int Pings)
{
    /// <summary>Names of the files in the mounted folder.</summary>
    public const string ServicesFile = "egress-services";

    /// <inheritdoc cref="ServicesFile"/>
    public const string PingsFile = "hep-pings";

    /// <summary>Three answers for each of the two Pods that a ProxyGroup has by default, as the operator would write it.</summary>
    private const int DefaultPings = 6;

    public static EgressServices None { get; } = new(ImmutableSortedDictionary.Create<string, EgressServiceEntry>(StringComparer.Ordinal), DefaultPings);

    /// <param name="services">Contents of <see cref="ServicesFile"/>; none, or an empty one, before the first Service.</param>
    /// <param name="pings">Contents of <see cref="PingsFile"/>.</param>
    /// <exception cref="FormatException">The message names the file and the place.</exception>
    public static EgressServices Parse(byte[]? services, byte[]? pings)
    {
        try
        {
            var entries = services is { Length: > 0 }
                ? JsonSerializer.Deserialize(services, GroupServicesJson.Default.DictionaryStringEgressServiceEntry) ?? []
                : [];
            return new EgressServices(
                entries.Where(entry => entry.Value is not null).ToImmutableSortedDictionary(StringComparer.Ordinal), PingsOf(pings));
        }
        catch (JsonException e)
        {
            throw new FormatException($"{ServicesFile} cannot be read at {e.Path ?? "its beginning"}, line {e.LineNumber + 1}.");
        }
    }

    private static int PingsOf(byte[]? pings)
    {
        if (pings is not { Length: > 0 })
        {
            return DefaultPings;
        }

        return int.TryParse(Encoding.ASCII.GetString(pings), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var count) && count > 0
            ? count
            : throw new FormatException($"{PingsFile} holds no number above 0.");
    }
}
