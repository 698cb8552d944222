using System.Collections.Immutable;

namespace Fairlead.Dev.Runner.Images;

/// <summary>What runs on this machine in place of an image.</summary>
/// <param name="Executable">A path, or a name that is looked up on PATH.</param>
public sealed record LocalCommand(string Executable, params ImmutableArray<string> Arguments)
{
    /// <summary>
    /// What a container's <c>command</c> and <c>args</c> do. False: the same as with an image, whose entry point is
    /// <see cref="Executable"/> and whose arguments are <see cref="Arguments"/>. True: nothing; they mean programs inside the image.
    /// </summary>
    public bool IgnoresContainerCommand { get; init; }

    /// <summary>Variables that the image would set; a container's own come on top.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;
}
