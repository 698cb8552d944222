using System.Runtime.InteropServices;

namespace Fairlead.Tailnet.Protocol.Control.Framing;

/// <summary>The functions of libzstd used here. They are of its stable interface, the same since version 1.4.</summary>
internal sealed unsafe class ZstdLibrary
{
    /// <summary>Number of the parameter "largest window" in the stable interface.</summary>
    private const int WindowLogMaxParameter = 100;

    private static readonly string[] FileNames = ["libzstd.so.1", "libzstd.1.dylib", "libzstd.dll"];

    private readonly delegate* unmanaged[Cdecl]<void*> _createContext;
    private readonly delegate* unmanaged[Cdecl]<void*, nuint> _freeContext;
    private readonly delegate* unmanaged[Cdecl]<void*, int, int, nuint> _setParameter;
    private readonly delegate* unmanaged[Cdecl]<void*, OutBuffer*, InBuffer*, nuint> _decompress;
    private readonly delegate* unmanaged[Cdecl]<nuint, nuint> _compressBound;
    private readonly delegate* unmanaged[Cdecl]<void*, nuint, void*, nuint, int, nuint> _compress;
    private readonly delegate* unmanaged[Cdecl]<nuint, uint> _isError;

    private ZstdLibrary(nint handle)
    {
        _createContext = (delegate* unmanaged[Cdecl]<void*>)NativeLibrary.GetExport(handle, "ZSTD_createDCtx");
        _freeContext = (delegate* unmanaged[Cdecl]<void*, nuint>)NativeLibrary.GetExport(handle, "ZSTD_freeDCtx");
        _setParameter = (delegate* unmanaged[Cdecl]<void*, int, int, nuint>)NativeLibrary.GetExport(handle, "ZSTD_DCtx_setParameter");
        _decompress = (delegate* unmanaged[Cdecl]<void*, OutBuffer*, InBuffer*, nuint>)NativeLibrary.GetExport(handle, "ZSTD_decompressStream");
        _compressBound = (delegate* unmanaged[Cdecl]<nuint, nuint>)NativeLibrary.GetExport(handle, "ZSTD_compressBound");
        _compress = (delegate* unmanaged[Cdecl]<void*, nuint, void*, nuint, int, nuint>)NativeLibrary.GetExport(handle, "ZSTD_compress");
        _isError = (delegate* unmanaged[Cdecl]<nuint, uint>)NativeLibrary.GetExport(handle, "ZSTD_isError");
    }

    /// <summary>Null where the library is missing or too old.</summary>
    public static ZstdLibrary? TryLoad()
    {
        foreach (var name in FileNames)
        {
            if (!NativeLibrary.TryLoad(name, out var handle)) continue;
            try
            {
                return new ZstdLibrary(handle);
            }
            catch (EntryPointNotFoundException)
            {
                NativeLibrary.Free(handle);
            }
        }

        return null;
    }

    public byte[] Compress(ReadOnlySpan<byte> data, int level)
    {
        var packed = new byte[(int)_compressBound((nuint)data.Length)];
        fixed (byte* source = data)
        fixed (byte* destination = packed)
        {
            var length = _compress(destination, (nuint)packed.Length, source, (nuint)data.Length, level);
            if (IsError(length)) throw new InvalidOperationException("libzstd could not compress.");
            return packed.AsSpan(0, (int)length).ToArray();
        }
    }

    public void* CreateContext(int windowLogMax)
    {
        var context = _createContext();
        if (context is null) throw new InsufficientMemoryException("libzstd could not allocate its context.");
        if (!IsError(_setParameter(context, WindowLogMaxParameter, windowLogMax))) return context;
        FreeContext(context);
        throw new InvalidOperationException("libzstd refused the limit of its window.");
    }

    public void FreeContext(void* context) => _freeContext(context);

    /// <returns>0 at the end of a frame, an error, or else how much more input it would like.</returns>
    public nuint Decompress(void* context, ref OutBuffer output, ref InBuffer input)
    {
        fixed (OutBuffer* to = &output)
        fixed (InBuffer* from = &input)
        {
            return _decompress(context, to, from);
        }
    }

    public bool IsError(nuint result) => _isError(result) != 0;

    /// <summary>Laid out as ZSTD_inBuffer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct InBuffer
    {
        public byte* Source;
        public nuint Size;
        public nuint Position;
    }

    /// <summary>Laid out as ZSTD_outBuffer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct OutBuffer
    {
        public byte* Destination;
        public nuint Size;
        public nuint Position;
    }
}
