using System.Collections.Immutable;
using System.Net;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.BuiltIns;

/// <summary>What a cluster's administrator chooses and built-in resources depend on.</summary>
public sealed record BuiltInOptions
{
    /// <summary>Ranges of Service addresses, at most one of each family; the first is the primary family.</summary>
    public ImmutableArray<IPNetwork> ServiceRanges { get; init; } = [IPNetwork.Parse("10.96.0.0/16")];

    /// <summary>Whether endpoints may have loopback addresses, which only Pods that are processes of this machine have.</summary>
    public bool LoopbackEndpoints => ServiceRanges.Any(range => IPAddress.IsLoopback(range.BaseAddress));

    /// <summary>First port handed out for <c>nodePort</c>.</summary>
    public int FirstNodePort { get; init; } = 30000;

    /// <summary>Last port handed out for <c>nodePort</c>.</summary>
    public int LastNodePort { get; init; } = 32767;

    /// <summary>Clock behind time stamps that the server sets.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Subresources of ServiceAccounts that compute an answer, such as their tokens.</summary>
    public ImmutableArray<ActionSubresource> ServiceAccountActions { get; init; } = [];

    /// <summary>The value of a PriorityClass, or null when there is none of that name.</summary>
    public Func<string, int?> PriorityOf { get; init; } = SystemPriority;

    /// <summary>The value of a class that every cluster has.</summary>
    public static int? SystemPriority(string name) => name switch
    {
        "system-cluster-critical" => 2_000_000_000,
        "system-node-critical" => 2_000_001_000,
        _ => null,
    };
}
