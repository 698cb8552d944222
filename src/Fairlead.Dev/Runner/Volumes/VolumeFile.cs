namespace Fairlead.Dev.Runner.Volumes;

/// <summary>A file that a volume shows.</summary>
/// <param name="Path">Relative to the volume.</param>
/// <param name="Mode">Permission bits.</param>
internal sealed record VolumeFile(string Path, byte[] Content, UnixFileMode Mode);
