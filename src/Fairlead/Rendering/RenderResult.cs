using System.Collections.Immutable;
using Fairlead.Manifests;
using Fairlead.Output;

namespace Fairlead.Rendering;

/// <summary>What the operator would make of manifests.</summary>
internal sealed record RenderResult
{
    /// <summary>The objects it would create, in its order.</summary>
    public required ImmutableArray<Manifest> Manifests { get; init; }

    /// <summary>Why there would be others, or none.</summary>
    public required ImmutableArray<ManifestProblem> Problems { get; init; }

    /// <summary>What its author may have meant otherwise.</summary>
    public required ImmutableArray<ManifestProblem> Warnings { get; init; }
}
