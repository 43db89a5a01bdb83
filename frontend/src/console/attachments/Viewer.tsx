import { Image } from "antd";

interface ViewerProps {
  pictures: { name: string; url: string }[];
  current: number;
  onChange: (current: number) => void;
  onClose: () => void;
}

/** Pictures as large as the window, with zoom, turning, and the arrow keys; Escape closes. */
export default function Viewer({ pictures, current, onChange, onClose }: ViewerProps) {
  return (
    <Image.PreviewGroup
      items={pictures.map(({ name, url }) => ({ src: url, alt: name }))}
      preview={{ open: true, current, onChange, onOpenChange: (open) => !open && onClose() }}
    />
  );
}
