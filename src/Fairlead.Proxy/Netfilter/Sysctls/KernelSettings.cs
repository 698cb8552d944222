using Fairlead.Proxy.Forwarding;

namespace Fairlead.Proxy.Netfilter.Sysctls;

/// <summary>Turns on settings of the kernel (sysctl(8)) for this network namespace.</summary>
/// <param name="root">Where the kernel shows its settings as files.</param>
public sealed class KernelSettings(string root = "/proc/sys")
{
    /// <summary>Sets them to 1; one that is so already is not written, as many Pods may read but not write.</summary>
    /// <exception cref="ForwardingException">One of them cannot be read or set.</exception>
    public void Enable(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (var name in names)
        {
            Enable(name);
        }
    }

    private void Enable(string name)
    {
        var path = Path.Combine(root, name.Replace('.', '/'));
        try
        {
            if (File.ReadAllText(path).Trim() == "1")
            {
                return;
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ForwardingException(
                $"The kernel has no setting {name} ({path} does not exist): it lacks that address family. Leave out destinations and routes of that family, or boot with it.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ForwardingException($"The kernel setting {name} cannot be read: {e.Message}", e);
        }

        try
        {
            File.WriteAllText(path, "1");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ForwardingException(
                $"The kernel setting {name} is off and cannot be turned on: {e.Message} Set it to 1 by a privileged init container or the Pod's securityContext.sysctls, or run the proxy privileged.", e);
        }
    }
}
