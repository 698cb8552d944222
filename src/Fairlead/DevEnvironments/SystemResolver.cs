using System.Net;

namespace Fairlead.DevEnvironments;

/// <summary>The DNS server that this machine asks.</summary>
internal static class SystemResolver
{
    private const string File = "/etc/resolv.conf";
    private const string Keyword = "nameserver";
    private const int DnsPort = 53;

    /// <summary>The first one that the system is set up with; null without any.</summary>
    public static IPEndPoint? Find()
    {
        try
        {
            return System.IO.File.ReadLines(File)
                .Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words is [Keyword, _, ..])
                .Select(words => IPAddress.TryParse(words[1], out var address) ? new IPEndPoint(address, DnsPort) : null)
                .FirstOrDefault(endPoint => endPoint is not null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
