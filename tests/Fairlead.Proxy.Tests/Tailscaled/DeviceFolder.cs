namespace Fairlead.Proxy.Tests.Tailscaled;

/// <summary>A folder of configuration files, as the operator's Secret is mounted.</summary>
internal static class DeviceFolder
{
    public static string In(DaemonStandIn daemon)
    {
        var folder = Directory.CreateDirectory(daemon.PathOf("config")).FullName;
        File.WriteAllText(Path.Combine(folder, "cap-106.hujson"), """{"Version":"alpha0"}""");
        File.WriteAllText(Path.Combine(folder, "cap-999.hujson"), """{"Version":"alpha0"}""");
        return folder;
    }
}
