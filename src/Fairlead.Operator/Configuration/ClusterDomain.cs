namespace Fairlead.Operator.Configuration;

/// <summary>The cluster's DNS domain, as a Pod's resolver configuration tells it.</summary>
internal static class ClusterDomain
{
    public const string ResolverFile = "/etc/resolv.conf";

    public const string Default = "cluster.local";

    /// <summary>
    /// The domain behind the search list that a kubelet writes: <c>NAMESPACE.svc.DOMAIN svc.DOMAIN DOMAIN …</c>. Null when the list
    /// looks otherwise, as outside a cluster or with a DNS policy of the Pod's own.
    /// </summary>
    public static string? From(string? resolverConfiguration, string operatorNamespace)
    {
        var search = SearchList(resolverConfiguration ?? "");
        if (search.Length < 3
            || !search[0].StartsWith($"{operatorNamespace}.svc", StringComparison.Ordinal)
            || !search[1].StartsWith("svc.", StringComparison.Ordinal))
        {
            return null;
        }

        var domain = search[1]["svc.".Length..];
        return domain.Length > 0 && string.Equals(domain, search[2], StringComparison.OrdinalIgnoreCase) ? domain : null;
    }

    /// <summary>The last <c>search</c> line wins (resolv.conf(5)).</summary>
    private static string[] SearchList(string text) =>
        text.Split('\n', StringSplitOptions.TrimEntries)
            .Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["search", ..])
            .Select(words => words[1..].Select(domain => domain.TrimEnd('.')).ToArray())
            .LastOrDefault([]);
}
