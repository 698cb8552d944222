using System.Collections.Immutable;
using System.Net;
using Fairlead.Dev.Cluster.Resources;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Dev.Cluster;

/// <summary>How an <see cref="EmbeddedCluster"/> starts.</summary>
public sealed record EmbeddedClusterOptions
{
    public static readonly EmbeddedClusterOptions Default = new();

    /// <summary>Port on 127.0.0.1; 0: a free one.</summary>
    public int Port { get; init; }

    /// <summary>False: plain HTTP, where client certificates are not available.</summary>
    public bool Https { get; init; } = true;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Changes that are remembered of each resource type: how far behind a watch or a paged list may be.</summary>
    public int HistorySize { get; init; } = 10_000;

    /// <summary>Seed of generated names, UIDs and jitter; null: different each time.</summary>
    public int? Seed { get; init; }

    /// <summary>Ranges of Service addresses, at most one of each family, the primary family first.</summary>
    public ImmutableArray<IPNetwork> ServiceRanges { get; init; } = [IPNetwork.Parse("10.96.0.0/16")];

    /// <summary>How often watches that ask for bookmarks get one.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long an Event is kept after it was last written; the default is that of API servers.</summary>
    public TimeSpan EventLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>False: every authenticated or anonymous user may do everything.</summary>
    public bool Rbac { get; init; } = true;

    /// <summary>Whether the controllers every cluster has run: workloads, endpoints, garbage collection, namespaces.</summary>
    public bool Controllers { get; init; } = true;

    /// <summary>Where the controllers say what failed unexpectedly; they go on in any case.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>File that an audit line is appended to for each request; null: none.</summary>
    public string? AuditLogPath { get; init; }

    /// <summary>Resource types to serve besides the built-in ones, or in place of those of the same name.</summary>
    public ImmutableArray<ResourceDefinition> Definitions { get; init; } = [];
}
