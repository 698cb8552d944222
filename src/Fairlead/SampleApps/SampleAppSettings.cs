using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Fairlead.CommandLine;
using Fairlead.Dev.Runner;
using Fairlead.Proxy.Configuration;

namespace Fairlead.SampleApps;

/// <summary>What the environment tells the sample app.</summary>
internal sealed record SampleAppSettings
{
    private const int DefaultPort = 8080;

    public required string Name { get; init; }

    public required IPEndPoint Listen { get; init; }

    /// <summary>Host and port of a database to count visits in; null for none.</summary>
    public DnsEndPoint? Database { get; init; }

    /// <summary>DNS server of the cluster; null for the system's resolver.</summary>
    public IPEndPoint? Resolver { get; init; }

    /// <summary>Domains in which <see cref="Resolver"/> is asked for short names.</summary>
    public ImmutableArray<string> SearchList { get; init; } = [];

    public LowPorts LowPorts { get; init; }

    /// <param name="variable">An environment variable, empty if it is not set.</param>
    /// <exception cref="UserErrorException">A variable is wrong.</exception>
    public static SampleAppSettings From(Func<string, string> variable)
    {
        var address = variable(PodVariables.Address) is { Length: > 0 } own ? Parse(PodVariables.Address, own, IPAddress.TryParse(own, out var ip) ? ip : null) : IPAddress.Any;
        return new SampleAppSettings
        {
            Name = variable("HOSTNAME") is { Length: > 0 } name ? name : Environment.MachineName,
            Listen = new IPEndPoint(address, Port("PORT", variable("PORT"), DefaultPort)),
            Database = variable("DATABASE") is { Length: > 0 } database ? Host(database) : null,
            Resolver = variable(PodVariables.Resolver) is { Length: > 0 } server
                ? Parse(PodVariables.Resolver, server, IPEndPoint.TryParse(server, out var endPoint) ? endPoint : null)
                : null,
            SearchList = [.. variable(PodVariables.SearchList).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)],
            LowPorts = new LowPorts(Port(PodVariables.LowPortOffset, variable(PodVariables.LowPortOffset), 0)),
        };
    }

    private static DnsEndPoint Host(string text)
    {
        var colon = text.LastIndexOf(':');
        return new DnsEndPoint(colon < 0 ? text : text[..colon], colon < 0 ? SampleDatabase.Port : Port("DATABASE", text[(colon + 1)..], 0));
    }

    private static int Port(string name, string text, int otherwise) =>
        text.Length == 0 ? otherwise
        : ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port
        : throw Wrong(name, text);

    private static T Parse<T>(string name, string text, T? parsed)
        where T : class => parsed ?? throw Wrong(name, text);

    private static UserErrorException Wrong(string name, string text) =>
        new(ExitCodes.BadConfiguration, $"{name} is '{text}', which is none; see 'fairlead dev sample-app --help'");
}
