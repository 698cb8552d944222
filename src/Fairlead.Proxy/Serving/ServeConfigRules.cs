using System.Diagnostics.CodeAnalysis;
using Fairlead.Proxy.Forwarding;

namespace Fairlead.Proxy.Serving;

/// <summary>What a serve configuration must be like beyond its form, so that nothing in it fails when a connection or a request comes.</summary>
internal static class ServeConfigRules
{
    private const string ServicePrefix = "svc:";

    private const string TargetForms = "write host:port, a port of this machine, or unix:/path";

    /// <exception cref="FormatException">A value is bad; the message names its place.</exception>
    public static void Check(ServeConfig config)
    {
        CheckPorts("", config);
        foreach (var (name, service) in config.Services)
        {
            var where = $"Services[\"{name}\"]";
            Require(name.StartsWith(ServicePrefix, StringComparison.Ordinal) && name.Length > ServicePrefix.Length, where, "is no Tailscale Service's name; those begin with svc:");
            CheckPorts($"{where}.", NotNull(service, where));
        }
    }

    private static void CheckPorts(string prefix, ServeConfig config)
    {
        foreach (var (port, handler) in config.Tcp)
        {
            var where = $"{prefix}TCP[\"{port}\"]";
            Require(IsPort(port), where, "is no port; those are 1 to 65535");
            Check(where, NotNull(handler, where));
        }

        foreach (var (place, server) in config.Web)
        {
            var where = $"{prefix}Web[\"{place}\"]";
            var colon = place.LastIndexOf(':');
            Require(colon > 0 && IsPort(place.AsSpan(colon + 1)), where, "is not written as host:port");
            foreach (var (path, handler) in NotNull(server, where).Handlers)
            {
                Require(path.StartsWith('/'), $"{where}.Handlers[\"{path}\"]", "is no path; those begin with '/'");
                Check($"{where}.Handlers[\"{path}\"]", NotNull(handler, $"{where}.Handlers[\"{path}\"]"));
            }
        }
    }

    private static void Check(string where, PortHandler handler)
    {
        var isForwarded = handler.TcpForward.Length > 0;
        Require(Count(handler.Https, handler.Http, isForwarded) == 1, where, "needs exactly one of HTTPS, HTTP and TCPForward");
        Require(!isForwarded || ClusterSockets.IsTarget(handler.TcpForward), $"{where}.TCPForward", $"is '{handler.TcpForward}'; {TargetForms}");
        Require(
            handler.TerminateTls.Length == 0 || (isForwarded && Uri.CheckHostName(handler.TerminateTls) == UriHostNameType.Dns),
            $"{where}.TerminateTLS",
            $"is '{handler.TerminateTls}'; it is the name in a certificate, and goes with TCPForward");
        Require(handler.ProxyProtocol is 0 or 1 or 2, $"{where}.ProxyProtocol", $"is {handler.ProxyProtocol}; there are versions 1 and 2, and 0 for none");
        Require(handler.ProxyProtocol == 0 || isForwarded, $"{where}.ProxyProtocol", "goes with TCPForward");
    }

    private static void Check(string where, WebHandler handler)
    {
        Require(
            Count(handler.Path.Length > 0, handler.Proxy.Length > 0, handler.Text.Length > 0, handler.Redirect.Length > 0) == 1,
            where,
            "needs exactly one of Path, Proxy, Text and Redirect");
        Require(handler.Path.Length == 0 || (Path.IsPathFullyQualified(handler.Path) && !handler.Path.Contains('\0', StringComparison.Ordinal)), $"{where}.Path", $"is '{handler.Path}'; write it from the root, with a '/' at the beginning");
        Require(
            handler.Proxy.Length == 0 || ProxyTarget.TryParse(handler.Proxy) is not null,
            $"{where}.Proxy",
            $"is '{handler.Proxy}'; write http://, https:// or https+insecure:// with a host, {TargetForms["write ".Length..]}");
        Require(
            handler.Redirect.Length == 0 || RedirectTarget.TryParse(handler.Redirect) is not null,
            $"{where}.Redirect",
            $"is '{handler.Redirect}'; write a URL, with its other characters escaped, and before it a code of 300 to 399 and ':' if it is not 302");
        Require(handler.AcceptAppCaps.All(name => !string.IsNullOrEmpty(name)), $"{where}.AcceptAppCaps", "has an empty name");
    }

    private static int Count(params ReadOnlySpan<bool> isSet) => isSet.Count(true);

    private static bool IsPort(ReadOnlySpan<char> text) =>
        ushort.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var port) && port > 0;

    private static T NotNull<T>(T? value, string where)
        where T : class
    {
        Require(value is not null, where, "is null");
        return value!;
    }

    private static void Require([DoesNotReturnIf(false)] bool holds, string where, string problem)
    {
        if (!holds)
        {
            throw new FormatException($"The serve configuration's {where} {problem}.");
        }
    }
}
