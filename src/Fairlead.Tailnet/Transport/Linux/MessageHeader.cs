using System.Runtime.InteropServices;

namespace Fairlead.Tailnet.Transport.Linux;

/// <summary><c>struct msghdr</c>, in the kernel's layout.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public void* Name;
    public uint NameLength;
    public IoVector* Vectors;
    public nuint VectorCount;
    public void* Control;
    public nuint ControlLength;
    public int Flags;
}
