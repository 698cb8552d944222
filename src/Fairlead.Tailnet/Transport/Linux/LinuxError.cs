namespace Fairlead.Tailnet.Transport.Linux;

/// <summary>Error numbers of Linux that the transport tells apart (errno-base.h, errno.h; the same on x86, Arm, RISC-V and S/390).</summary>
internal enum LinuxError
{
    NotPermitted = 1,
    Interrupted = 4,
    InputOutput = 5,
    TryAgain = 11,
    InvalidArgument = 22,
    NoSystemCall = 38,
    MessageTooLong = 90,
    NoBufferSpace = 105,
}
