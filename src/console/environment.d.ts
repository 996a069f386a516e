declare module '*.css';
declare module '@fontsource/noto-serif-kr/*';
declare module 'pretendard/*';
