using System.Collections.Immutable;

namespace Fairlead.Dev.Runner.Images;

/// <summary>The images that this machine has a command for.</summary>
public sealed class ImageCatalog
{
    private readonly ImmutableDictionary<(string Repository, string Container), LocalCommand> _commands;

    private ImageCatalog(ImmutableDictionary<(string, string), LocalCommand> commands) => _commands = commands;

    public static ImageCatalog Empty { get; } = new(ImmutableDictionary<(string, string), LocalCommand>.Empty);

    /// <summary>Repositories with a command, in order.</summary>
    public IEnumerable<string> Repositories => _commands.Keys.Select(key => key.Repository).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Adds a command for all images of a repository, whatever their tag.</summary>
    /// <param name="repository">As images are named, without tag and digest: <c>nginx</c>, <c>ghcr.io/example/app</c>.</param>
    /// <param name="container">For containers of this name alone; null: for all without a command of their own.</param>
    public ImageCatalog With(string repository, LocalCommand command, string? container = null) =>
        new(_commands.SetItem((Normalize(repository), container ?? ""), command));

    /// <summary>The command for a container with this image, or null.</summary>
    public LocalCommand? Find(string image, string container)
    {
        var repository = Normalize(image);
        return _commands.GetValueOrDefault((repository, container)) ?? _commands.GetValueOrDefault((repository, ""));
    }

    // "nginx" is short for "docker.io/library/nginx"; a colon before the last slash belongs to the registry's port.
    private static string Normalize(string image)
    {
        var name = image.Split('@')[0];
        if (name.LastIndexOf(':') is var colon && colon > name.LastIndexOf('/'))
            name = name[..colon];
        foreach (var prefix in (ReadOnlySpan<string>)["index.docker.io/", "docker.io/", "library/"])
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
                name = name[prefix.Length..];
        }

        return name;
    }
}
