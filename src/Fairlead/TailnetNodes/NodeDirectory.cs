using Fairlead.CommandLine;

namespace Fairlead.TailnetNodes;

/// <summary>Where a node that runs in the foreground keeps its state, and where other commands find it.</summary>
internal sealed record NodeDirectory(string Path)
{
    /// <summary>sun_path of unix(7) has 108 bytes, the last of them zero.</summary>
    private const int MaxSocketPath = 107;

    public string StateFile => System.IO.Path.Combine(Path, "node.state");

    public string Socket => System.IO.Path.Combine(Path, "node.sock");

    public static string Default
    {
        get
        {
            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            return System.IO.Path.Combine(
                string.IsNullOrEmpty(state) ? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state") : state,
                "fairlead",
                "tailnet");
        }
    }

    /// <param name="option">Of the command line, by which another directory is chosen.</param>
    /// <exception cref="UserErrorException">The path is too long for a socket in it.</exception>
    public static NodeDirectory At(string path, string option = "--state")
    {
        var directory = new NodeDirectory(System.IO.Path.GetFullPath(path));
        return System.Text.Encoding.UTF8.GetByteCount(directory.Socket) <= MaxSocketPath
            ? directory
            : throw new UserErrorException(ExitCodes.BadConfiguration, $"the path {directory.Path} is too long for a socket in it; choose a shorter one with {option}");
    }
}
