using System.Runtime.InteropServices;

namespace Fairlead.Proxy.Tests.Netfilter.Namespaces;

/// <summary>Finds an interface's number in the calling thread's namespace; .NET's list of interfaces leaves out what it cannot classify.</summary>
internal static partial class InterfaceIndex
{
    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint Of(string name);
}
