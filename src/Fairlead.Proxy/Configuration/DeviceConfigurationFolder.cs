using System.Globalization;
using Fairlead.Proxy.Mounts;

namespace Fairlead.Proxy.Configuration;

/// <summary>A folder with one configuration file for each range of capability versions, as <c>cap-106.hujson</c>.</summary>
internal static class DeviceConfigurationFolder
{
    /// <summary>Capability version of the tailscaled whose behaviour this proxy has.</summary>
    private const int OwnVersion = 145;

    /// <summary>The file for this proxy: the newest that is not too new.</summary>
    /// <exception cref="ProxyConfigurationException">There is none.</exception>
    public static string FileIn(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder)
                .Select(path => (Path: path, Version: VersionOf(Path.GetFileName(path))))
                .Where(file => file.Version is >= 0 and <= OwnVersion)
                .OrderByDescending(file => file.Version)
                .Select(file => file.Path)
                .FirstOrDefault()
                ?? throw new ProxyConfigurationException(
                    $"{ProxyVariables.ConfigurationDirectory}: {folder} has no file cap-N.hujson with N up to {OwnVersion}; the operator's Secret is missing or too new for this proxy.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProxyConfigurationException($"{ProxyVariables.ConfigurationDirectory}: {folder} cannot be read: {e.Message}");
        }
    }

    /// <summary>The auth key in the file for this proxy; empty if it has none.</summary>
    /// <exception cref="ProxyConfigurationException">There is no such file, or it is malformed.</exception>
    public static string AuthKeyIn(string folder)
    {
        var path = FileIn(folder);
        return MountedFolder.TryRead(path) is { } file ? DeviceConfigurationFile.Parse(file, path).AuthKey ?? "" : "";
    }

    /// <summary>A file of the oldest form has no number.</summary>
    private static int VersionOf(string name) =>
        name == "tailscaled" ? 0
        : name.StartsWith("cap-", StringComparison.Ordinal) && name.EndsWith(".hujson", StringComparison.Ordinal)
            && int.TryParse(name.AsSpan("cap-".Length, name.Length - "cap-.hujson".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version
        : -1;
}
