using Fairlead.CommandLine;

namespace Fairlead.Manifests;

/// <summary>Finds the texts that <c>-f</c> names: files, directories of them, standard input.</summary>
internal static class ManifestFiles
{
    public const string StandardInput = "-";

    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    /// <summary>Names and texts, a directory's in the order of their names.</summary>
    /// <exception cref="UserErrorException">A path leads nowhere, or to a directory without manifests.</exception>
    public static IReadOnlyList<(string Name, string Text)> Read(IEnumerable<string> paths, TextReader standardInput)
    {
        var found = new List<(string, string)>();
        foreach (var path in paths)
        {
            if (path == StandardInput)
            {
                found.Add(("stdin", standardInput.ReadToEnd()));
            }
            else if (Directory.Exists(path))
            {
                found.AddRange(FilesIn(path).Select(file => (file, ReadFile(file))));
            }
            else
            {
                found.Add((path, ReadFile(path)));
            }
        }

        return found;
    }

    /// <exception cref="UserErrorException">The file does not exist or cannot be read.</exception>
    public static string ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserErrorException(ExitCodes.BadConfiguration, $"{path}: there is no such file; correct the path", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ExitCodes.BadConfiguration, $"{path}: cannot be read ({e.Message}); check its permissions", e);
        }
    }

    private static List<string> FilesIn(string directory)
    {
        var files = Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToList();
        return files.Count > 0
            ? files
            : throw new UserErrorException(
                ExitCodes.BadConfiguration, $"{directory}: there is no {string.Join(", ", Extensions)} file in it; name a file or another directory");
    }
}
